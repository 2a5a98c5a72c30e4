import type { Slug } from "@/api/types.ts";
import { useMetric } from "@/lib/metrics.ts";

/** A metric's title above a narrow column; what it means comes to a pointer that rests on it. */
export function MetricHead({ slug }: { slug: Slug }) {
  const { title, definition } = useMetric()(slug);
  return (
    <span
      title={definition}
      className="inline-block max-w-28 text-balance whitespace-normal align-bottom"
    >
      {title}
    </span>
  );
}
