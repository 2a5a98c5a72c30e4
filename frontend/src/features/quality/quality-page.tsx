export function QualityPage() {
  return <h1 className="text-xl font-semibold">QualityPage</h1>;
}
