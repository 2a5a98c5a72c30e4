import type { ReactNode } from "react";
import { useWords, type Words } from "@/lib/language.tsx";
import { useTitle } from "@/lib/title.ts";
import { LanguageChoice, ThemeChoice } from "@/ui/looks.tsx";

/** The frame of the pages before the dashboard: one sheet on quiet paper. */
export function Door({
  title,
  note,
  children,
  foot,
}: {
  title: string;
  note: ReactNode;
  children: ReactNode;
  foot: ReactNode;
}) {
  const words = useWords(WORDS);
  useTitle(title);
  return (
    <div className="relative isolate flex min-h-dvh flex-col overflow-hidden">
      <Backdrop />
      <header className="flex flex-wrap items-center justify-between gap-3 p-4 sm:px-6">
        <p className="flex items-center gap-2 text-lg font-semibold">
          <img src="/icon.svg" alt="" width="28" height="28" /> Parley
        </p>
        <div className="flex flex-wrap items-center gap-2">
          <ThemeChoice brief />
          <LanguageChoice brief />
        </div>
      </header>
      <main className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center px-4 py-6 sm:py-10">
        <div className="rounded-3xl border border-line bg-sheet p-6 shadow-sheet sm:p-8">
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          <p className="mt-1 mb-6 text-sm text-ink-soft">{note}</p>
          {children}
        </div>
        <div className="mt-6 space-y-2 px-2 text-sm text-ink-soft">{foot}</div>
      </main>
      <footer className="p-4 text-center text-xs text-ink-soft sm:px-6">{words.promise}</footer>
    </div>
  );
}

/** A dialog's two voices, and the columns they become. */
function Backdrop() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 1200 240"
      preserveAspectRatio="xMidYMax slice"
      className="pointer-events-none absolute inset-x-0 bottom-0 -z-10 hidden h-60 w-full text-line opacity-45 sm:block"
    >
      {COLUMNS.map((height, place) => (
        <rect
          key={place * 24}
          x={place * 24 + 4}
          y={240 - height}
          width="16"
          height={height}
          rx="4"
          fill="currentColor"
        />
      ))}
    </svg>
  );
}

const COLUMNS = Array.from({ length: 50 }, (_, place) => {
  const week = [0.55, 0.72, 0.78, 0.74, 0.66, 0.34, 0.28][place % 7] ?? 0;
  return Math.round(week * (40 + place * 2));
});

const WORDS: Words<{ promise: string }> = {
  en: { promise: "Numbers only: what people wrote is opened one dialog at a time, and noted." },
  ru: { promise: "Здесь числа: тексты открываются по одному диалогу, и это записывается." },
};
