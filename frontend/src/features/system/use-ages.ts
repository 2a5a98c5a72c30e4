import { formatAge, formatMoment } from "@/lib/dates.ts";
import { useLanguage } from "@/lib/language.tsx";
import { useNow } from "@/lib/use-now.ts";

/**
 * How long ago moments of an answer were: by the server's clock when it was given, and since then by
 * the time that has passed here.
 */
export function useAges(asOf: string, receivedAt: number): (moment: string) => string {
  const { language } = useLanguage();
  const passed = useNow() - receivedAt;
  return (moment) => {
    const age = Date.parse(asOf) - Date.parse(moment) + passed;
    return formatAge(Math.max(0, age / 1000), language);
  };
}

export function useMoments(zone: string): (moment: string) => string {
  const { language } = useLanguage();
  return (moment) => `${formatMoment(moment, zone, language)} ${zone}`;
}
