import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import type { Trouble } from "@/features/system/prepare-troubles.ts";
import { ADVICE, TROUBLES } from "@/features/system/trouble-words.ts";
import { SYSTEM } from "@/features/system/words.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { callOutcomeName, errorName } from "@/lib/outcomes.ts";
import { shownName } from "@/lib/shown-name.ts";
import { Sheet } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";
import { WithCode } from "@/ui/with-code.tsx";

/** Each thing that is not as it should be, with what to do about it; null while nothing is known. */
export function AttentionPanel({ troubles }: { troubles: Trouble[] | null }) {
  const words = useWords(SYSTEM).attention;
  return (
    <Sheet title={words.title}>
      {troubles === null && <RowsSkeleton rows={2} />}
      {troubles?.length === 0 && <Fine />}
      {troubles && troubles.length > 0 && (
        <ul className="space-y-2">
          {troubles.map((trouble) => (
            <TroubleItem key={`${trouble.id} ${trouble.name ?? ""}`} trouble={trouble} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function Fine() {
  const words = useWords(SYSTEM).attention;
  return (
    <div className="flex items-center gap-3">
      <CircleCheck size={28} aria-hidden className="shrink-0 text-good" />
      <p>
        <span className="block font-semibold">{words.fine}</span>
        <span className="block text-sm text-ink-soft">{words.fineMore}</span>
      </p>
    </div>
  );
}

function TroubleItem({ trouble }: { trouble: Trouble }) {
  const words = useWords(SYSTEM).attention;
  const advice = useWords(ADVICE);
  const { what, todo } = useWords(TROUBLES)[trouble.id];
  const { language } = useLanguage();
  const { id, tone, name = "", amount, error } = trouble;
  const written = amount ? formatValue(amount[0], amount[1], language) : "";
  const Icon = tone === "bad" ? CircleAlert : TriangleAlert;
  return (
    <li
      className={clsx(
        "flex items-start gap-3 rounded-xl px-3.5 py-3 text-sm",
        tone === "bad" ? "bg-bad-soft" : "bg-warn-soft",
      )}
    >
      <Icon
        size={18}
        aria-hidden
        className={clsx("mt-px shrink-0", tone === "bad" ? "text-bad" : "text-warn")}
      />
      <div className="min-w-0 space-y-0.5">
        <p className="break-words font-semibold">
          {what(shownName(name), written)}
          {error && <span className="font-normal"> {causeName(error, language)}.</span>}
        </p>
        <p className="break-words">
          <WithCode>{(error && advice[error]) || todo}</WithCode>
        </p>
        {id === "delivery_unknown" && (
          <Link
            to="/dialogs"
            search={{ having: "delivery_unknown", period: "day" }}
            className="font-medium underline underline-offset-4"
          >
            {words.toDialogs}
          </Link>
        )}
      </div>
    </li>
  );
}

/** Calls that were lost with their process have an outcome in place of an error. */
export function causeName(error: string, language: "en" | "ru"): string {
  const name = error === "orphaned" ? callOutcomeName(error, language) : errorName(error, language);
  return shownName(name);
}
