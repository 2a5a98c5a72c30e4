import type { Stage } from "@/features/models/metrics.ts";
import { formatInteger } from "@/lib/format.ts";
import { plural, type Words } from "@/lib/language.tsx";

const whole = (value: number) => formatInteger(value, "en");
const inRussian = (value: number) => formatInteger(value, "ru");

export const PAGE_WORDS: Words<{
  title: string;
  numbers: string;
  nothing: string;
  nothingHint: string;
}> = {
  en: {
    title: "Models",
    numbers: "In this window",
    nothing: "No questions in this window",
    nothingHint: "Choose a longer period, or fill an empty database with",
  },
  ru: {
    title: "Модели",
    numbers: "В этом окне",
    nothing: "В этом окне нет вопросов",
    nothingHint: "Возьмите период длиннее или наполните пустую базу командой",
  },
};

export const TABLE_WORDS: Words<{
  title: string;
  note: string;
  all: string;
  count: (shown: number, total: number) => string;
}> = {
  en: {
    title: "By model",
    note: "Each question counts for the model that answered it, or else the one that was asked. Press a name to narrow the page to it.",
    all: "Show all models",
    count: (shown, total) =>
      `${whole(shown)} of ${whole(total)} ${plural("en", total, { one: "model", other: "models" })}`,
  },
  ru: {
    title: "По моделям",
    note: "Вопрос относится к модели, которая на него ответила, а иначе к той, которую спросили. Нажмите на название, чтобы отобрать её.",
    all: "Показать все модели",
    count: (shown, total) => `Моделей: ${inRussian(shown)} из ${inRussian(total)}`,
  },
};

export const LATENCY_WORDS: Words<{
  title: string;
  note: string;
  because: string;
  parts: string;
  waits: string;
  axis: string;
  key: string;
  stages: Record<Stage, string>;
  overTime: (stage: string) => string;
  nothing: string;
  nothingHint: string;
}> = {
  en: {
    title: "Latency by stage",
    note: "Half of the answers took no longer than p50; 95 and 99 of a hundred no longer than p95 and p99. Nearest rank, off by 2 % at most. Press a stage to see it over time.",
    because: "Times are kept by model, not by the person's language.",
    parts: "One after the other",
    waits: "As the person waits",
    axis: "Each line of the axis stands for several times the one before.",
    key: "The dot is p50, the strong bar ends at p95, the faint one at p99.",
    stages: {
      queue: "Queue",
      first_token: "First token",
      generation: "Generation",
      delivery: "Delivery",
      first_visible: "First visible text",
      full_answer: "Full answer",
    },
    overTime: (stage) => `${stage} over time`,
    nothing: "No answers in this window",
    nothingHint: "Times are known of questions that got an answer. Choose a longer period.",
  },
  ru: {
    title: "Задержка по этапам",
    note: "Половина ответов заняла не больше p50; 95 и 99 из ста — не больше p95 и p99. Ближайший ранг, погрешность не больше 2 %. Нажмите на этап, чтобы увидеть его во времени.",
    because: "Время хранится по моделям, а не по языку человека.",
    parts: "Один за другим",
    waits: "Сколько ждёт человек",
    axis: "Каждая линия оси в несколько раз больше предыдущей.",
    key: "Точка — p50, яркая полоса кончается на p95, бледная — на p99.",
    stages: {
      queue: "Очередь",
      first_token: "Первый токен",
      generation: "Написание ответа",
      delivery: "Доставка",
      first_visible: "Первый видимый текст",
      full_answer: "Ответ целиком",
    },
    overTime: (stage) => `${stage} во времени`,
    nothing: "В этом окне нет ответов",
    nothingHint: "Время известно у вопросов, получивших ответ. Возьмите период длиннее.",
  },
};

export const ERROR_WORDS: Words<{
  title: string;
  note: string;
  questions: string;
  questionsNote: string;
  calls: string;
  callsNote: string;
  noCalls: string;
  none: string;
  nothing: string;
  nothingHint: string;
  noneFailed: string;
  fallback: string;
}> = {
  en: {
    title: "Errors by class",
    note: "A failed call is repaired by a fallback if another model answers; a question has failed when none does.",
    questions: "Failed questions",
    questionsNote: "The list of dialogs knows no classes: each bar leads to all that failed.",
    calls: "Failed calls to models",
    callsNote: "Calls have no dialogs of their own.",
    noCalls: "Calls are not known by language.",
    none: "No class noted",
    nothing: "Nothing failed in this window",
    nothingHint: "Neither a question nor a call to a model.",
    noneFailed: "None in this window.",
    fallback: "Dialogs in which a fallback was needed",
  },
  ru: {
    title: "Ошибки по классам",
    note: "Неудачный вызов исправляет запасной, если ответит другая модель; вопрос неудачен, когда не ответила ни одна.",
    questions: "Неудачные вопросы",
    questionsNote: "В списке диалогов классов нет: каждая полоса ведёт ко всем неудачам.",
    calls: "Неудачные вызовы моделей",
    callsNote: "Своих диалогов у вызовов нет.",
    noCalls: "По языкам вызовы неизвестны.",
    none: "Класс не записан",
    nothing: "В этом окне всё удалось",
    nothingHint: "И вопросы, и вызовы моделей.",
    noneFailed: "В этом окне нет.",
    fallback: "Диалоги, где понадобился запасной вызов",
  },
};

export const LEDGER_WORDS: Words<{
  title: string;
  note: string;
  nothing: string;
  nothingHint: string;
  byModel: string;
  byModelNote: string;
  overTime: string;
}> = {
  en: {
    title: "Fallback ledger",
    note: "What asking another model after a failure has saved, and what it has cost.",
    nothing: "No fallback was needed in this window",
    nothingHint: "Every question put to a model ended with its first call.",
    byModel: "Fallback by the model that answered in the end",
    byModelNote:
      "By the model that answered in the end; money and time are those of the calls before it.",
    overTime: "Answers saved over time",
  },
  ru: {
    title: "Счёт запасных вызовов",
    note: "Что спасло обращение к другой модели после неудачи и во что оно обошлось.",
    nothing: "В этом окне запасные вызовы не понадобились",
    nothingHint: "Каждый вопрос к модели закончился первым же вызовом.",
    byModel: "Запасные вызовы по модели, которая в итоге ответила",
    byModelNote: "По модели, которая в итоге ответила; деньги и время — вызовов до неё.",
    overTime: "Спасённые ответы во времени",
  },
};
