import { Download } from "lucide-react";
import { useWords } from "@/lib/language.tsx";
import { buttonClass } from "@/ui/button.tsx";

const WORDS = {
  en: { name: (what: string) => `${what}: all rows as CSV` },
  ru: { name: (what: string) => `${what}: все строки в CSV` },
};

/** The file of a list, asked with the same words as the list. */
export function CsvLink({
  path,
  asked,
  what,
}: {
  path: `/api/v1/export/${string}.csv`;
  asked: Record<string, string | number | undefined>;
  what: string;
}) {
  const name = useWords(WORDS).name(what);
  return (
    <a
      href={`${path}${written(asked)}`}
      download
      aria-label={name}
      title={name}
      className={buttonClass("quiet")}
    >
      <Download size={15} aria-hidden /> CSV
    </a>
  );
}

function written(asked: Record<string, string | number | undefined>): string {
  const pairs = Object.entries(asked).filter(([, value]) => value !== undefined);
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}
