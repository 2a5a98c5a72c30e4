import { useLanguage } from "@/lib/language.tsx";
import { outcomeName, outcomeTone } from "@/lib/outcomes.ts";
import { Badge } from "@/ui/badge.tsx";
import { Name } from "@/ui/name.tsx";

export function OutcomeBadge({ outcome }: { outcome: string | null }) {
  const { language } = useLanguage();
  return (
    <Badge tone={outcomeTone(outcome)}>
      <Name className="max-w-60 truncate">{outcomeName(outcome, language)}</Name>
    </Badge>
  );
}
