import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { readView, type View } from "@/lib/view.ts";

/** The view that the address holds, and the way to another one; both ends keep other words. */
export function useView(): [View, (change: (view: View) => View) => void] {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (to: (view: View) => View) =>
      void navigate({
        to: ".",
        search: (before: Record<string, unknown>) => ({
          ...others(before),
          ...to(readView(before)),
        }),
      } as never),
    [navigate],
  );
  return [readView(search), change];
}

/** What a link to another page takes along. */
export function keepView(search: Record<string, unknown>): View {
  return readView(search);
}

const OF_VIEW = [
  "period",
  "from",
  "to",
  "tz",
  "compare",
  "bucket",
  "bot",
  "model",
  "language",
  "user",
];

function others(search: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(search).filter(([name]) => !OF_VIEW.includes(name)));
}
