import type { Health } from "@/features/system/queries.ts";
import type { Words } from "@/lib/language.tsx";

type Said = {
  title: string;
  asked: string;
  now: string;
  last: (age: string) => string;
  attention: { title: string; fine: string; fineMore: string; unknown: string; toDialogs: string };
  service: {
    title: string;
    status: string;
    statuses: Record<Health["status"] | "away", string>;
    version: string;
    uptime: string;
    latency: string;
    away: string;
    pool: string;
    poolOf: (used: string, size: string) => string;
    store: string;
    stores: Record<Health["rate_limits"], string>;
  };
  queue: {
    title: string;
    note: string;
    waiting: string;
    running: string;
    oldestWaiting: string;
    dead: string;
    pending: string;
    oldestPending: string;
    unknown: string;
    inbox: string;
    outbox: string;
  };
  bots: {
    title: string;
    note: string;
    none: string;
    noneMore: string;
    served: (count: number) => string;
    unserved: string;
    question: string;
    delivered: string;
    never: string;
    processes: (bot: string) => string;
    process: string;
    release: string;
    running: string;
    heartbeat: string;
    state: string;
    alive: string;
    silent: string;
    noProcess: string;
  };
  models: {
    title: string;
    note: string;
    none: string;
    noneMore: string;
    model: string;
    calls: string;
    failed: string;
    success: string;
    failure: string;
    error: string;
  };
  versions: {
    title: string;
    release: string;
    schema: string;
    newest: string;
    notNewest: string;
    postgresql: string;
    python: string;
  };
};

export const SYSTEM: Words<Said> = {
  en: {
    title: "System",
    asked: "asked every 10 seconds",
    now: "just answered",
    last: (age) => `answered ${age}`,
    attention: {
      title: "What asks for attention",
      fine: "Everything is well",
      fineMore: "Service, database, bots, queues and models are as they should be.",
      unknown: "Not known yet: the service has not answered.",
      toDialogs: "See these dialogs",
    },
    service: {
      title: "Statistics service",
      status: "State",
      statuses: { ok: "Well", degraded: "Limited", away: "No answer" },
      version: "Release",
      uptime: "Running for",
      latency: "Database answers in",
      away: "No answer",
      pool: "Connections in use",
      poolOf: (used, size) => `${used} of ${size}`,
      store: "Rate limits are counted",
      stores: {
        memory: "in each process",
        redis: "together, in Redis",
        memory_fallback: "in each process: Redis is away",
      },
    },
    queue: {
      title: "Queues",
      note: "What people sent and was not answered yet, and answers on their way to Telegram.",
      waiting: "Waiting",
      running: "Being answered",
      oldestWaiting: "Oldest waits for",
      dead: "Given up",
      pending: "To be sent",
      oldestPending: "Oldest waits for",
      unknown: "Perhaps not arrived, 24 h",
      inbox: "Messages",
      outbox: "Parts of answers",
    },
    bots: {
      title: "Bots",
      note: "A process tells every 10 seconds that it is alive; after 30 seconds it is taken for dead.",
      none: "No bot yet",
      noneMore: "Start one with `make up`, or see a living one with `make demo`.",
      served: (count) => (count === 1 ? "Served by 1 process" : `Served by ${count} processes`),
      unserved: "Nobody serves it",
      question: "Last question",
      delivered: "Last answer delivered",
      never: "none yet",
      processes: (bot) => `Processes of ${bot}`,
      process: "Process",
      release: "Release",
      running: "Started",
      heartbeat: "Last heartbeat",
      state: "State",
      alive: "Alive",
      silent: "Silent",
      noProcess: "No process has told of itself within the last hour.",
    },
    models: {
      title: "Models in the last hour",
      note: "Calls as the bots made them; stopped ones count as calls and not as failures.",
      none: "No model was asked in the last hour",
      noneMore: "Nobody wrote, or no bot runs. `make demo` shows this page with people who chat.",
      model: "Model",
      calls: "Calls",
      failed: "Failed",
      success: "Last success",
      failure: "Last failure",
      error: "Last error",
    },
    versions: {
      title: "Versions",
      release: "Parley",
      schema: "Schema",
      newest: "fits this release",
      notNewest: "another than this release needs",
      postgresql: "PostgreSQL",
      python: "Python",
    },
  },
  ru: {
    title: "Система",
    asked: "вопрос каждые 10 секунд",
    now: "только что ответила",
    last: (age) => `ответ ${age}`,
    attention: {
      title: "Что требует внимания",
      fine: "Всё хорошо",
      fineMore: "Служба, база данных, боты, очереди и модели в порядке.",
      unknown: "Пока неизвестно: служба ещё не ответила.",
      toDialogs: "Посмотреть эти диалоги",
    },
    service: {
      title: "Служба статистики",
      status: "Состояние",
      statuses: { ok: "Хорошо", degraded: "С ограничениями", away: "Нет ответа" },
      version: "Выпуск",
      uptime: "Работает",
      latency: "База отвечает за",
      away: "Нет ответа",
      pool: "Занято соединений",
      poolOf: (used, size) => `${used} из ${size}`,
      store: "Ограничения считает",
      stores: {
        memory: "каждый процесс",
        redis: "Redis, для всех вместе",
        memory_fallback: "каждый процесс: Redis недоступен",
      },
    },
    queue: {
      title: "Очереди",
      note: "Что люди прислали и ещё осталось без ответа, и ответы на пути в Telegram.",
      waiting: "Ждут",
      running: "В работе",
      oldestWaiting: "Старейшее ждёт",
      dead: "Не удались",
      pending: "К отправке",
      oldestPending: "Старейшая ждёт",
      unknown: "Могли не дойти, 24 ч",
      inbox: "Сообщения",
      outbox: "Части ответов",
    },
    bots: {
      title: "Боты",
      note: "Процесс каждые 10 секунд сообщает, что жив; после 30 секунд молчания он считается мёртвым.",
      none: "Ботов пока нет",
      noneMore: "Запустите бота командой `make up` или посмотрите на живого: `make demo`.",
      served: (count) => `Процессов: ${count}`,
      unserved: "Никто не обслуживает",
      question: "Последний вопрос",
      delivered: "Последний доставленный ответ",
      never: "ещё нет",
      processes: (bot) => `Процессы бота ${bot}`,
      process: "Процесс",
      release: "Выпуск",
      running: "Запущен",
      heartbeat: "Последний сигнал",
      state: "Состояние",
      alive: "Жив",
      silent: "Молчит",
      noProcess: "За последний час ни один процесс не дал о себе знать.",
    },
    models: {
      title: "Модели за последний час",
      note: "Вызовы, сделанные ботами; остановленные считаются вызовами, но не сбоями.",
      none: "За последний час модели не спрашивали",
      noneMore: "Никто не писал, или боты не работают. `make demo` покажет эту страницу с людьми.",
      model: "Модель",
      calls: "Вызовы",
      failed: "Сбои",
      success: "Последний успех",
      failure: "Последний сбой",
      error: "Последняя ошибка",
    },
    versions: {
      title: "Версии",
      release: "Parley",
      schema: "Схема",
      newest: "подходит этому выпуску",
      notNewest: "не та, что нужна этому выпуску",
      postgresql: "PostgreSQL",
      python: "Python",
    },
  },
};
