import type { Words } from "@/lib/language.tsx";

export type Step = "promote" | "demote" | "disable" | "enable";

type StepSaid = {
  button: string;
  title: (name: string) => string;
  note: string;
  done: (name: string) => string;
};

type PeopleSaid = {
  title: string;
  note: string;
  you: string;
  disabled: (day: string) => string;
  since: (day: string) => string;
  add: string;
  of: (button: string, name: string) => string;
  steps: Record<Step, StepSaid>;
  self: Partial<Record<Step, string>>;
  cancel: string;
  sentences: Partial<Record<string, string>>;
};

export const PEOPLE: Words<PeopleSaid> = {
  en: {
    title: "People with an account",
    note: "Changes act at once, on open sessions too.",
    you: "You",
    disabled: (day) => `Disabled since ${day}`,
    since: (day) => `since ${day}`,
    add: "Add somebody",
    of: (button, name) => `${button}: ${name}`,
    steps: {
      promote: {
        button: "Make admin",
        title: (name) => `Make ${name} an admin?`,
        note: "Admins add, change and disable accounts, and read who has done what.",
        done: (name) => `${name} is an admin now.`,
      },
      demote: {
        button: "Make analyst",
        title: (name) => `Make ${name} an analyst?`,
        note: "Analysts see all numbers. They neither manage accounts nor read the log.",
        done: (name) => `${name} is an analyst now.`,
      },
      disable: {
        button: "Disable",
        title: (name) => `Disable ${name}?`,
        note: "All sessions of this account end at once, and nobody can sign in with it. Nothing is deleted: you can enable it again.",
        done: (name) => `${name} is disabled.`,
      },
      enable: {
        button: "Enable",
        title: (name) => `Enable ${name} again?`,
        note: "The account works again with its old password and role.",
        done: (name) => `${name} may sign in again.`,
      },
    },
    self: {
      demote: "This is your own account: you lose this list at once.",
      disable: "This is your own account: you are signed out at once.",
    },
    cancel: "Cancel",
    sentences: {
      last_admin: "This is the last active admin: make somebody else one first.",
      user_not_found: "This account does not exist any more.",
      admin_only: "You are no admin any more: another one can do this.",
    },
  },
  ru: {
    title: "Люди с учётной записью",
    note: "Изменения действуют сразу, и на открытые сеансы тоже.",
    you: "Вы",
    disabled: (day) => `Отключён с ${day}`,
    since: (day) => `с ${day}`,
    add: "Добавить",
    of: (button, name) => `${button}: ${name}`,
    steps: {
      promote: {
        button: "Сделать администратором",
        title: (name) => `Сделать ${name} администратором?`,
        note: "Администраторы добавляют, меняют и отключают учётные записи и читают, кто что делал.",
        done: (name) => `Теперь ${name} — администратор.`,
      },
      demote: {
        button: "Сделать аналитиком",
        title: (name) => `Сделать ${name} аналитиком?`,
        note: "Аналитики видят все числа. Они не управляют учётными записями и не читают журнал.",
        done: (name) => `Теперь ${name} — аналитик.`,
      },
      disable: {
        button: "Отключить",
        title: (name) => `Отключить ${name}?`,
        note: "Все сеансы этой учётной записи закончатся сразу, и войти с ней будет нельзя. Ничего не удаляется: её можно включить снова.",
        done: (name) => `Учётная запись ${name} отключена.`,
      },
      enable: {
        button: "Включить",
        title: (name) => `Снова включить ${name}?`,
        note: "Учётная запись снова заработает с прежними паролем и ролью.",
        done: (name) => `${name} снова может входить.`,
      },
    },
    self: {
      demote: "Это ваша собственная учётная запись: этот список у вас сразу исчезнет.",
      disable: "Это ваша собственная учётная запись: вы сразу выйдете.",
    },
    cancel: "Отмена",
    sentences: {
      last_admin:
        "Это последний действующий администратор: сначала сделайте администратором кого-то ещё.",
      user_not_found: "Этой учётной записи больше нет.",
      admin_only: "Вы больше не администратор: это может сделать другой.",
    },
  },
};
