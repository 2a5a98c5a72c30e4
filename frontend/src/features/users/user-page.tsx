export function UserPage() {
  return <h1 className="text-xl font-semibold">UserPage</h1>;
}
