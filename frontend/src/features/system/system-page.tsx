export function SystemPage() {
  return <h1 className="text-xl font-semibold">SystemPage</h1>;
}
