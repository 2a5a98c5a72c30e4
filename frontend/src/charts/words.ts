import type { MarkKind } from "@/charts/types.ts";
import type { Words } from "@/lib/language.tsx";

type Said = {
  time: string;
  isUnderWay: string;
  isCut: string;
  isFuture: string;
  open: string;
  marks: string;
  kinds: Record<MarkKind, string>;
};

export const CHART_WORDS: Words<Said> = {
  en: {
    time: "Time",
    isUnderWay: "Not over yet",
    isCut: "Only partly in the window",
    isFuture: "Has not begun",
    open: "Press to see its dialogs",
    marks: "What happened",
    kinds: {
      release: "Release",
      prompt: "Prompt",
      models: "Models",
      flood: "Flood control",
      breaker: "Breaker opened",
    },
  },
  ru: {
    time: "Время",
    isUnderWay: "Ещё не закончилось",
    isCut: "Входит в окно лишь частью",
    isFuture: "Ещё не началось",
    open: "Нажмите, чтобы увидеть диалоги",
    marks: "Что произошло",
    kinds: {
      release: "Выпуск",
      prompt: "Промпт",
      models: "Модели",
      flood: "Ограничение Telegram",
      breaker: "Размыкатель сработал",
    },
  },
};
