import { useState } from "react";
import { areKeysOn, turnKeys } from "@/lib/keys.ts";
import { useWords, type Words } from "@/lib/language.tsx";
import { PAGE_NAMES, PAGES } from "@/shell/navigation.ts";
import { PALETTE_KEYS } from "@/shell/palette/palette-button.tsx";
import { Dialog } from "@/ui/dialog.tsx";
import { Key } from "@/ui/key.tsx";

/** Every key that does something anywhere. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const words = useWords(WORDS);
  const pages = useWords(PAGE_NAMES);
  return (
    <Dialog title={words.title} onClose={onClose} size="middle">
      <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        <KeyList title={words.time} keys={TIME.map((key) => [key, words.keys[key]])} />
        <KeyList
          title={words.pages}
          keys={PAGES.map(({ id, key }) => [`G ${key.toUpperCase()}`, pages[id]])}
        />
        <KeyList
          title={words.anywhere}
          keys={[[PALETTE_KEYS, words.palette], ...ANYWHERE.map(keyed(words))]}
        />
        <Switch />
      </div>
    </Dialog>
  );
}

const TIME = ["D", "W", "M", "C", "[", "]", "X"] as const;
const ANYWHERE = ["L", "Esc", "?"] as const;

function keyed(words: Said) {
  return (key: (typeof ANYWHERE)[number]): [string, string] => [key, words.keys[key]];
}

function KeyList({ title, keys }: { title: string; keys: [string, string][] }) {
  return (
    <section>
      <h3 className="mb-1.5 text-sm font-semibold text-ink-soft">{title}</h3>
      <dl className="text-sm">
        {keys.map(([key, what]) => (
          <div
            key={key}
            className="flex items-center justify-between gap-4 border-b border-line py-1.5 last:border-0"
          >
            <dt className="order-last flex gap-1">
              {key.split(" ").map((part) => (
                <Key key={part}>{part}</Key>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Those who speak to their computer press keys that they do not mean. */
function Switch() {
  const words = useWords(WORDS);
  const [isOn, setIsOn] = useState(areKeysOn);
  return (
    <label className="flex items-start gap-2.5 self-end text-sm">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => {
          turnKeys(event.target.checked);
          setIsOn(event.target.checked);
        }}
        className="mt-1 size-4 accent-(--accent)"
      />
      <span>
        {words.on}
        <span className="block text-xs text-ink-soft">{words.onMore}</span>
      </span>
    </label>
  );
}

type Said = {
  title: string;
  time: string;
  pages: string;
  anywhere: string;
  palette: string;
  keys: Record<(typeof TIME)[number] | (typeof ANYWHERE)[number], string>;
  on: string;
  onMore: string;
};

const WORDS: Words<Said> = {
  en: {
    title: "Keyboard shortcuts",
    time: "Time",
    pages: "Pages",
    anywhere: "Anywhere",
    palette: "Search or go to anything",
    keys: {
      D: "The last 24 hours",
      W: "The last 7 days",
      M: "The last 30 days",
      C: "Days of your own",
      "[": "The time before",
      "]": "The time after",
      X: "Compare, or not",
      L: "Live mode",
      Esc: "Close, or clear all filters",
      "?": "This sheet",
    },
    on: "Single keys act",
    onMore: "Turn this off if you speak to your computer. Esc and the palette stay.",
  },
  ru: {
    title: "Клавиши",
    time: "Время",
    pages: "Страницы",
    anywhere: "Везде",
    palette: "Найти что угодно или перейти",
    keys: {
      D: "Последние 24 часа",
      W: "Последние 7 дней",
      M: "Последние 30 дней",
      C: "Свои дни",
      "[": "Время до этого",
      "]": "Время после этого",
      X: "Сравнивать или нет",
      L: "Следить вживую",
      Esc: "Закрыть или убрать все фильтры",
      "?": "Этот лист",
    },
    on: "Одиночные клавиши действуют",
    onMore: "Выключите, если говорите с компьютером голосом. Esc и палитра останутся.",
  },
};
