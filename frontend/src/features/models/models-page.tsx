export function ModelsPage() {
  return <h1 className="text-xl font-semibold">ModelsPage</h1>;
}
