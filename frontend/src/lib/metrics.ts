import { DICTIONARY, type Dimension, type Metric, type Slug } from "@/api/types.ts";
import { type Language, useLanguage } from "@/lib/language.tsx";
import { METRICS_RU } from "@/lib/metrics-ru.ts";
import { FILTERS, type View } from "@/lib/view.ts";

/** A metric of the dictionary in the reader's language. */
export function metricIn(language: Language, slug: Slug): Metric {
  const metric = DICTIONARY[slug];
  if (language === "en") return metric;
  const [title, definition] = METRICS_RU[slug];
  return { ...metric, title, definition };
}

export function useMetric(): (slug: Slug) => Metric {
  const { language } = useLanguage();
  return (slug) => metricIn(language, slug);
}

/** Those of `slugs` that the dictionary can narrow by every filter of the view. */
export function fitting<S extends Slug>(slugs: readonly S[], view: View): S[] {
  const filters = FILTERS.filter((filter) => view[filter] !== undefined);
  return slugs.filter((slug) =>
    filters.every((filter) => DICTIONARY[slug].filters.includes(filter)),
  );
}

/** Those of `slugs` that the dictionary can break down by `dimension`. */
export function breakable(slugs: readonly Slug[], dimension: Dimension): Slug[] {
  return slugs.filter((slug) => DICTIONARY[slug].dimensions.includes(dimension));
}
