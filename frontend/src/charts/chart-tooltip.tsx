import clsx from "clsx";
import type { Readout, Row } from "@/charts/prepare-readout.ts";
import { SWATCH } from "@/charts/tones.ts";

const NARROW = 560;
const BESIDE = 10;

/** Beside its bucket, or above the chart where there is no room beside. */
export function ChartTooltip({
  readout,
  room,
  width,
  hint,
}: {
  readout: Readout;
  room: { left: number; width: number };
  width: number;
  hint: string | undefined;
}) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute z-10 w-max max-w-72 rounded-xl border border-line bg-raised px-3 py-2 text-xs shadow-sheet"
      style={placed(room, width)}
    >
      <p className="mb-1 font-semibold">{readout.title}</p>
      <dl className="space-y-0.5">
        {readout.rows.map((row) => (
          <div key={row.id} className="flex items-center gap-2">
            <Swatch tone={row.tone} />
            <dt className="min-w-0 flex-1 truncate pr-3 text-ink-soft">{row.title}</dt>
            <dd className="font-medium">
              {row.value}
              {row.change && <span className="ml-1.5 text-ink-soft">{row.change}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {readout.notes.map((note) => (
        <p key={note} className="mt-1 text-ink-soft">
          {note}
        </p>
      ))}
      {readout.marks.length > 0 && <Marks marks={readout.marks} />}
      {hint && <p className="mt-1 text-ink-faint">{hint}</p>}
    </div>
  );
}

const SHOWN_MARKS = 5;

export function Marks({ marks }: { marks: string[] }) {
  const more = marks.length - SHOWN_MARKS;
  return (
    <ul className="mt-1 space-y-0.5 border-t border-line pt-1">
      {marks.slice(0, SHOWN_MARKS).map((mark, place) => (
        <li key={place} className="break-words">
          {mark}
        </li>
      ))}
      {more > 0 && <li className="text-ink-soft">+{more}</li>}
    </ul>
  );
}

function Swatch({ tone }: { tone: Row["tone"] }) {
  return (
    <span
      className={clsx(
        "size-2 shrink-0",
        tone === "ghost" ? "h-0.5 bg-series-ghost" : ["rounded-xs", SWATCH[tone]],
      )}
    />
  );
}

function placed(room: { left: number; width: number }, width: number) {
  const centre = room.left + room.width / 2;
  if (width < NARROW) {
    const share = `${(-100 * centre) / width}%`;
    return { left: centre, bottom: "100%", transform: `translateX(${share})` };
  }
  const right = room.left + room.width;
  return centre < width / 2
    ? { left: right + BESIDE, top: 0 }
    : { right: width - room.left + BESIDE, top: 0 };
}
