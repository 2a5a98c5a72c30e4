import type { Metric, Unit } from "@/api/types.ts";
import type { Words } from "@/lib/language.tsx";

type Said = {
  open: (title: string) => string;
  unit: string;
  units: Record<Unit, string>;
  kind: string;
  kinds: Record<Metric["kind"], string>;
  estimated: string;
  window: string;
  compared: string;
  zone: string;
  asOf: string;
};

export const EXPLAIN_WORDS: Words<Said> = {
  en: {
    open: (title) => `What is “${title}”?`,
    unit: "Unit",
    units: {
      count: "a number",
      characters: "characters",
      tokens: "tokens",
      microdollars: "US dollars",
      milliseconds: "time",
      share: "a share",
    },
    kind: "How it adds up",
    kinds: {
      additive: "The sum of its parts.",
      ratio: "A quotient: worked out anew for each span, never a mean of parts.",
      percentile: "A percentile of each span as a whole; off by 2 % at most.",
      distinct: "Each is counted once: the parts may add up to more than the whole.",
    },
    estimated: "Estimated part",
    window: "Window",
    compared: "Compared with",
    zone: "Time zone",
    asOf: "As of",
  },
  ru: {
    open: (title) => `Что такое «${title}»?`,
    unit: "Единица",
    units: {
      count: "число",
      characters: "знаки",
      tokens: "токены",
      microdollars: "доллары США",
      milliseconds: "время",
      share: "доля",
    },
    kind: "Как считается",
    kinds: {
      additive: "Сумма своих частей.",
      ratio: "Частное: для каждого промежутка заново, а не среднее частей.",
      percentile: "Перцентиль промежутка целиком; погрешность не больше 2 %.",
      distinct: "Каждый считается один раз: части могут давать больше целого.",
    },
    estimated: "Оценено",
    window: "Окно",
    compared: "Сравнение с",
    zone: "Часовой пояс",
    asOf: "На момент",
  },
};
