import { useMemo, useState } from "react";
import type { Window } from "@/api/types.ts";
import { type Flag, flagAt } from "@/charts/prepare-marks.ts";
import { readoutOf, withMarks } from "@/charts/prepare-readout.ts";
import { placeAt, prepareTimeChart, roomOf } from "@/charts/prepare-time-chart.ts";
import type { ChartSeries, Form, Ghost, Mark, Span, Target } from "@/charts/types.ts";
import { useFrame } from "@/charts/use-frame.ts";
import { usePointing } from "@/charts/use-pointing.ts";
import { stepsOf, useWalk } from "@/charts/use-walk.ts";
import { useLanguage } from "@/lib/language.tsx";

type Asked = {
  window: Pick<Window, "as_of" | "bucket" | "timezone">;
  spans: readonly Span[];
  series: readonly ChartSeries[];
  ghost: Ghost | undefined;
  marks: readonly Mark[] | undefined;
  form: Form;
  height: number;
  hrefOf: ((span: Span) => Target | undefined) | undefined;
};

/** What a chart over time draws, and where in it somebody is. */
export function useTimeChart({ height, hrefOf, ...asked }: Asked) {
  const { window, spans, series, ghost, marks, form } = asked;
  const { language } = useLanguage();
  const [box, frame] = useFrame(height);
  const drawing = useMemo(
    () => prepareTimeChart({ window, spans, series, ghost, marks, form, frame, language }),
    [window, spans, series, ghost, marks, form, frame, language],
  );
  const readouts = useMemo(
    () =>
      spans.flatMap(
        (_, place) => readoutOf(place, { window, spans, series, ghost, marks, language }) ?? [],
      ),
    [window, spans, series, ghost, marks, language],
  );
  const begun = drawing.bands.filter(({ state }) => state !== "future").length;
  const walk = useWalk(spans.length, begun - 1, stepsOf(begun));
  const linked = Math.max(0, Math.min(walk.home, begun - 1));
  const span = spans[linked];
  const target = span && hrefOf?.(span);
  const [flag, setFlag] = useState<Flag>();
  const find = (x: number, y: number) => {
    const over = y < drawing.plot.top ? flagAt(drawing.flags, x) : undefined;
    setFlag(over);
    return over?.place ?? placeAt(x, drawing);
  };
  const pointing = usePointing(box, walk, find, target === undefined ? null : linked);
  const shown = walk.place;
  const isOnFlag = flag !== undefined && flag.place === shown && !walk.isWalked;
  return {
    box,
    frame,
    drawing,
    readouts,
    walk,
    pointing,
    /** Where the keys are, and what is behind that. */
    linked: { readout: readouts[linked], room: roomOf(linked, drawing), target },
    shown:
      shown === null
        ? null
        : {
            place: shown,
            room: roomOf(shown, drawing),
            isLinked: shown === linked,
            readout: isOnFlag
              ? withMarks(readouts[shown], flag.marks, window, language)
              : readouts[shown],
          },
  };
}
