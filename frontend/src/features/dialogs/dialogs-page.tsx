export function DialogsPage() {
  return <h1 className="text-xl font-semibold">DialogsPage</h1>;
}
