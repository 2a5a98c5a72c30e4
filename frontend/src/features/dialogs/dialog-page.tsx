export function DialogPage() {
  return <h1 className="text-xl font-semibold">DialogPage</h1>;
}
