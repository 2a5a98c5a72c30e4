import { Globe } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import type { Window } from "@/api/types.ts";
import { offsetOf } from "@/lib/dates.ts";
import { useWords } from "@/lib/language.tsx";
import { isZone, type View } from "@/lib/view.ts";
import { linkClass, WORDS } from "@/shell/toolbar/words.ts";
import { Button } from "@/ui/button.tsx";
import { Field } from "@/ui/field.tsx";
import { Popover } from "@/ui/popover.tsx";

type Change = (to: (view: View) => View) => void;

/** Whose days and hours these are. */
export function ZoneMenu({
  view,
  window,
  change,
}: {
  view: View;
  window: Window | null;
  change: Change;
}) {
  const words = useWords(WORDS);
  const zone = view.tz ?? window?.timezone;
  return (
    <Popover
      trigger={
        <>
          <Globe size={14} aria-hidden className="shrink-0" />
          <span>{zone ? zoneName(zone, window) : "…"}</span>
        </>
      }
      triggerClass={linkClass}
      sheetLabel={words.zoneTitle}
    >
      {(close) => (
        <ZoneForm
          zone={zone ?? ""}
          isChosen={view.tz !== undefined}
          onChoose={(chosen) => {
            change((before) => withZone(before, chosen));
            close();
          }}
        />
      )}
    </Popover>
  );
}

function ZoneForm({
  zone,
  isChosen,
  onChoose,
}: {
  zone: string;
  isChosen: boolean;
  onChoose: (zone: string | undefined) => void;
}) {
  const words = useWords(WORDS);
  const list = useId();
  const [wanted, setWanted] = useState(zone);
  const [isTried, setIsTried] = useState(false);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    const chosen = wanted.trim().replaceAll(" ", "_");
    if (chosen && isZone(chosen)) onChoose(chosen);
  };
  return (
    <form onSubmit={submit} className="w-72 max-w-full space-y-3">
      <Field
        label={words.zoneTitle}
        hint={words.zoneHint}
        problem={isTried ? words.noZone : undefined}
        list={list}
        value={wanted}
        autoComplete="off"
        spellCheck={false}
        data-autofocus=""
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setWanted(event.target.value);
          setIsTried(false);
        }}
      />
      <datalist id={list}>
        {zones().map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="flex flex-wrap gap-1.5">
        <Button type="submit" look="main">
          {words.show}
        </Button>
        {own !== zone && (
          <Button onClick={() => onChoose(own)}>{words.ownZone(own.replaceAll("_", " "))}</Button>
        )}
        {isChosen && <Button onClick={() => onChoose(undefined)}>{words.serviceZone}</Button>}
      </div>
    </form>
  );
}

/** "Europe/Berlin, UTC+1": the difference is that at the end of the window. */
function zoneName(zone: string, window: Window | null): string {
  const name = zone.replaceAll("_", " ");
  const offset = window?.timezone === zone ? offsetOf(window.end, zone) : name;
  return zone === "UTC" || offset === name ? name : `${name}, ${offset}`;
}

function withZone(view: View, zone: string | undefined): View {
  const { tz: _tz, ...rest } = view;
  return zone ? { ...rest, tz: zone } : rest;
}

function zones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];
}
