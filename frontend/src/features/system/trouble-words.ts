import type { TroubleId } from "@/features/system/prepare-troubles.ts";
import type { Words } from "@/lib/language.tsx";

type Said = { what: (name: string, amount: string) => string; todo: string };

/** What is wrong, and what whoever looks after the product does about it. */
export const TROUBLES: Words<Record<TroubleId, Said>> = {
  en: {
    service_away: {
      what: (_, amount) => `The statistics service has not answered for ${amount}.`,
      todo: "What stands below is its last answer. See whether its process runs (`make up`, or the container) and what its log says; the page goes on by itself.",
    },
    service_silent: {
      what: () => "The statistics service does not answer.",
      todo: "See whether its process runs (`make up`, or the container) and what its log says; the page goes on by itself.",
    },
    database_away: {
      what: () => "The database does not answer the statistics service.",
      todo: "See whether PostgreSQL runs and can be reached at `DATABASE_URL`. Messages wait at Telegram meanwhile; none is lost.",
    },
    database_slow: {
      what: (_, amount) => `The database takes ${amount} to answer at all.`,
      todo: "Look at its load, and for `slow_query` in the service's log.",
    },
    pool_full: {
      what: (_, amount) => `${amount} of the service's connections to the database are in use.`,
      todo: "Look for `slow_query` and `database_pool_low` in the service's log; shorter periods are answered sooner.",
    },
    redis_away: {
      what: () => "Redis does not answer: each process counts the rate limits for itself.",
      todo: "See whether Redis runs and can be reached at `REDIS_URL`. The service goes back to it by itself.",
    },
    schema_old: {
      what: () => "The database has another schema than this release needs.",
      todo: "Run `make migrate`, or `python -m core.db upgrade` with the release that is to run.",
    },
    no_bot: {
      what: () => "No bot has ever run on this database.",
      todo: "Start one with `make up`, or see a living one with `make demo`.",
    },
    bot_unserved: {
      what: (name) => `No process serves ${name}: messages wait at Telegram.`,
      todo: "Start it with `make up` or `python -m bot`, or see why it ended in its log. What people wrote is answered then.",
    },
    process_silent: {
      what: (name, amount) => `The process ${name} has been silent for ${amount}.`,
      todo: "It was killed, or its machine hangs. Others do its work; after an hour of silence it leaves this list.",
    },
    releases_differ: {
      what: (name) => `Different releases run: ${name}.`,
      todo: "During an update that is as it should be. If it stays, restart what is older.",
    },
    queue_waits: {
      what: (_, amount) => `A message has been waiting to be looked at for ${amount}.`,
      todo: "The bots are overloaded or stuck: look at their log, and at the models below.",
    },
    queue_dead: {
      what: (_, amount) => `Messages given up for good: ${amount}.`,
      todo: "`SELECT reason, count(*) FROM inbox WHERE state = 'dead' GROUP BY 1` tells why.",
    },
    outbox_waits: {
      what: (_, amount) => `An answer has been waiting to be sent for ${amount}.`,
      todo: "Telegram may have asked the bot to wait, which the charts mark, or cannot be reached: see the bot's log.",
    },
    delivery_unknown: {
      what: (_, amount) => `Answers of the last day that may not have arrived: ${amount}.`,
      todo: "Telegram did not say whether it took them. `SEND_POLICY` decides whether they are sent once more.",
    },
    model_down: {
      what: (name, amount) =>
        `${name} fails: ${amount} of the last hour's calls, the last one too.`,
      todo: "The next model of your list is asked instead. If it stays, see the provider's status page, or take it out of the list: `MODELS_FILE`, or `OPENROUTER_MODEL` and `OPENROUTER_FALLBACK_MODELS`.",
    },
    model_fails: {
      what: (name, amount) => `${name} fails now and then: ${amount} of the last hour's calls.`,
      todo: "The next model of your list is asked instead.",
    },
  },
  ru: {
    service_away: {
      what: (_, amount) => `Служба статистики не отвечает уже ${amount}.`,
      todo: "Ниже — её последний ответ. Проверьте, работает ли её процесс (`make up` или контейнер) и что в её журнале; страница продолжит сама.",
    },
    service_silent: {
      what: () => "Служба статистики не отвечает.",
      todo: "Проверьте, работает ли её процесс (`make up` или контейнер) и что в её журнале; страница продолжит сама.",
    },
    database_away: {
      what: () => "База данных не отвечает службе статистики.",
      todo: "Проверьте, работает ли PostgreSQL и доступен ли он по `DATABASE_URL`. Сообщения пока ждут в Telegram; ни одно не потеряется.",
    },
    database_slow: {
      what: (_, amount) => `База данных отвечает только за ${amount}.`,
      todo: "Посмотрите на её нагрузку и поищите `slow_query` в журнале службы.",
    },
    pool_full: {
      what: (_, amount) => `Занято ${amount} соединений службы с базой данных.`,
      todo: "Поищите `slow_query` и `database_pool_low` в журнале службы; на короткие периоды ответ приходит быстрее.",
    },
    redis_away: {
      what: () => "Redis не отвечает: каждый процесс считает ограничения сам.",
      todo: "Проверьте, работает ли Redis и доступен ли он по `REDIS_URL`. Служба вернётся к нему сама.",
    },
    schema_old: {
      what: () => "Схема базы данных не та, что нужна этому выпуску.",
      todo: "Выполните `make migrate` или `python -m core.db upgrade` того выпуска, который должен работать.",
    },
    no_bot: {
      what: () => "На этой базе данных ещё не работал ни один бот.",
      todo: "Запустите его командой `make up` или посмотрите на живого: `make demo`.",
    },
    bot_unserved: {
      what: (name) => `Бота ${name} никто не обслуживает: сообщения ждут в Telegram.`,
      todo: "Запустите его командой `make up` или `python -m bot` либо посмотрите в журнале, почему он остановился. Всем написавшим тогда ответят.",
    },
    process_silent: {
      what: (name, amount) => `Процесс ${name} молчит уже ${amount}.`,
      todo: "Его убили или зависла машина. Его работу делают другие; после часа молчания он исчезнет отсюда.",
    },
    releases_differ: {
      what: (name) => `Работают разные выпуски: ${name}.`,
      todo: "Во время обновления так и должно быть. Если это остаётся, перезапустите то, что старше.",
    },
    queue_waits: {
      what: (_, amount) => `Сообщение ждёт, когда за него возьмутся, уже ${amount}.`,
      todo: "Боты перегружены или застряли: посмотрите их журнал и модели ниже.",
    },
    queue_dead: {
      what: (_, amount) => `Сообщений, от которых отказались насовсем: ${amount}.`,
      todo: "`SELECT reason, count(*) FROM inbox WHERE state = 'dead' GROUP BY 1` скажет почему.",
    },
    outbox_waits: {
      what: (_, amount) => `Ответ ждёт отправки уже ${amount}.`,
      todo: "Возможно, Telegram попросил бота подождать — это отмечено на графиках — или недоступен: посмотрите журнал бота.",
    },
    delivery_unknown: {
      what: (_, amount) => `Ответов за сутки, которые могли не дойти: ${amount}.`,
      todo: "Telegram не сказал, принял ли их. Отправлять ли их ещё раз, решает `SEND_POLICY`.",
    },
    model_down: {
      what: (name, amount) => `${name} отказывает: ${amount} вызовов за час, и последний тоже.`,
      todo: "Вместо неё спрашивают следующую модель списка. Если это остаётся, посмотрите страницу состояния провайдера или уберите её из списка: `MODELS_FILE` либо `OPENROUTER_MODEL` и `OPENROUTER_FALLBACK_MODELS`.",
    },
    model_fails: {
      what: (name, amount) => `${name} иногда отказывает: ${amount} вызовов за час.`,
      todo: "Вместо неё спрашивают следующую модель списка.",
    },
  },
};

/** What helps against a model's error is known for some of them, and better than the general. */
export const ADVICE: Words<Partial<Record<string, string>>> = {
  en: {
    rate_limited:
      "The provider limits your account: raise its limit there, or put another model first, in the file of `MODELS_FILE` or in `OPENROUTER_MODEL`.",
    no_credit: "The account at the provider has no credit left: top it up.",
    key_refused:
      "The provider refuses the key: check `OPENROUTER_API_KEY`, or the variable that the file of `MODELS_FILE` names for this account.",
    refused:
      "The provider refuses the account: check what it may use, and its key: `OPENROUTER_API_KEY`, or the variable that the file of `MODELS_FILE` names.",
    gone: "The provider does not know this model: check its name in the file of `MODELS_FILE`, or in `OPENROUTER_MODEL` and `OPENROUTER_FALLBACK_MODELS`.",
    context_too_long: "Dialogs get too long for this model: take one that reads more.",
    orphaned: "Its calls were lost when a process ended: see the bots below.",
  },
  ru: {
    rate_limited:
      "Провайдер ограничивает вашу учётную запись: поднимите предел у него или поставьте первой другую модель, в файле `MODELS_FILE` или в `OPENROUTER_MODEL`.",
    no_credit: "На счёте у провайдера кончились средства: пополните его.",
    key_refused:
      "Провайдер отвергает ключ: проверьте `OPENROUTER_API_KEY` или переменную, которую файл `MODELS_FILE` называет для этой учётной записи.",
    refused:
      "Провайдер закрыл доступ: проверьте, что разрешено этой учётной записи, и её ключ: `OPENROUTER_API_KEY` или переменную, которую называет файл `MODELS_FILE`.",
    gone: "Провайдер не знает такой модели: проверьте её имя в файле `MODELS_FILE` или в `OPENROUTER_MODEL` и `OPENROUTER_FALLBACK_MODELS`.",
    context_too_long: "Диалоги слишком длинны для этой модели: возьмите ту, что читает больше.",
    orphaned: "Её вызовы потеряны вместе с процессом: посмотрите на ботов ниже.",
  },
};
