import { type FormEvent, useState } from "react";
import type { Window } from "@/api/types.ts";
import { dayOf } from "@/lib/dates.ts";
import { useWords } from "@/lib/language.tsx";
import { type Days, daysOf, presets, viewOf, wrongIn } from "@/lib/span.ts";
import type { View } from "@/lib/view.ts";
import { WORDS } from "@/shell/toolbar/words.ts";
import { Button } from "@/ui/button.tsx";
import { Field } from "@/ui/field.tsx";

/** Two days, the last one included. Today is the server's: this computer's clock may be wrong. */
export function CustomSpan({
  window,
  onChoose,
}: {
  window: Window | null;
  onChoose: (choose: (view: View) => View) => void;
}) {
  const words = useWords(WORDS);
  const [days, setDays] = useState<Days>(window ? daysOf(window) : { first: "", last: "" });
  const [isTried, setIsTried] = useState(false);
  const wrong = wrongIn(days);
  const choose = (chosen: Days) => onChoose((view) => viewOf(view, chosen));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (!wrong) choose(days);
  };
  return (
    <form noValidate onSubmit={submit} className="w-80 max-w-full space-y-3">
      {window && <Presets today={dayOf(window.as_of, window.timezone)} onChoose={choose} />}
      <div className="grid grid-cols-2 gap-2">
        <Field
          label={words.firstDay}
          type="date"
          value={days.first}
          max="2099-12-31"
          data-autofocus=""
          onChange={(event) => setDays({ ...days, first: event.target.value })}
        />
        <Field
          label={words.lastDay}
          type="date"
          value={days.last}
          max="2099-12-31"
          onChange={(event) => setDays({ ...days, last: event.target.value })}
        />
      </div>
      {isTried && wrong && (
        <p role="alert" className="text-xs text-bad">
          {words.wrongSpan[wrong]}
        </p>
      )}
      <Button type="submit" look="main" className="w-full">
        {words.show}
      </Button>
    </form>
  );
}

function Presets({ today, onChoose }: { today: string; onChoose: (days: Days) => void }) {
  const words = useWords(WORDS);
  const spans = presets(today);
  return (
    <ul className="flex flex-wrap gap-1.5">
      {(["yesterday", "month", "before", "quarter"] as const).map((name) => (
        <li key={name}>
          <Button className="text-xs" onClick={() => onChoose(spans[name])}>
            {words.presets[name]}
          </Button>
        </li>
      ))}
    </ul>
  );
}
