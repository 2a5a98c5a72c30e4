import type { Words } from "@/lib/language.tsx";

export type Role = "analyst" | "admin";

type AccountSaid = {
  title: string;
  signedInAs: string;
  roles: Record<Role, { name: string; may: string }>;
  signOut: string;
  password: {
    title: string;
    note: string;
    current: string;
    chosen: string;
    submit: string;
    submitting: string;
    noCurrent: string;
    wrongCurrent: string;
    same: string;
    done: string;
    sentences: Partial<Record<string, string>>;
  };
};

export const ACCOUNT: Words<AccountSaid> = {
  en: {
    title: "Your account",
    signedInAs: "Signed in as",
    roles: {
      analyst: { name: "Analyst", may: "sees all numbers" },
      admin: { name: "Admin", may: "sees all numbers, manages accounts and reads the log" },
    },
    signOut: "Sign out",
    password: {
      title: "Password",
      note: "After a change all your other sessions end.",
      current: "Current password",
      chosen: "New password",
      submit: "Change the password",
      submitting: "Changing…",
      noCurrent: "Type your current password.",
      wrongCurrent: "Your current password is another one. Wrong tries count as failed sign-ins.",
      same: "This is the one you have.",
      done: "The password is changed. All your other sessions have ended.",
      sentences: {
        changed_meanwhile: "Your account was changed elsewhere at the same moment: try again.",
      },
    },
  },
  ru: {
    title: "Ваша учётная запись",
    signedInAs: "Вы вошли как",
    roles: {
      analyst: { name: "Аналитик", may: "видит все числа" },
      admin: {
        name: "Администратор",
        may: "видит все числа, управляет учётными записями и читает журнал",
      },
    },
    signOut: "Выйти",
    password: {
      title: "Пароль",
      note: "После смены все ваши другие сеансы закончатся.",
      current: "Нынешний пароль",
      chosen: "Новый пароль",
      submit: "Сменить пароль",
      submitting: "Меняем…",
      noCurrent: "Введите нынешний пароль.",
      wrongCurrent: "Нынешний пароль другой. Неверные попытки считаются неудачными входами.",
      same: "Это и есть нынешний пароль.",
      done: "Пароль изменён. Все ваши другие сеансы закончились.",
      sentences: {
        changed_meanwhile:
          "Вашу учётную запись в тот же момент изменили в другом месте: повторите.",
      },
    },
  },
};

type SessionsSaid = {
  title: string;
  note: string;
  here: string;
  unknownProgram: string;
  on: (program: string, system: string) => string;
  from: string;
  seen: (age: string) => string;
  span: (since: string, until: string) => string;
  all: (count: number) => string;
  end: string;
  endOf: (device: string) => string;
  ended: string;
  everywhere: string;
  everywhereTitle: string;
  everywhereNote: string;
};

export const SESSIONS: Words<SessionsSaid> = {
  en: {
    title: "Sessions",
    note: "Where you are signed in. A session ends after 30 minutes unused, and after 12 hours anyway.",
    here: "This one",
    unknownProgram: "Unknown program",
    on: (program, system) => `${program} on ${system}`,
    from: "from",
    seen: (age) => `used ${age}`,
    span: (since, until) => `since ${since}, at most until ${until}`,
    all: (count) => `Show all ${count}`,
    end: "End",
    endOf: (device) => `End the session: ${device}`,
    ended: "The session has ended.",
    everywhere: "Sign out everywhere",
    everywhereTitle: "Sign out everywhere?",
    everywhereNote:
      "All your sessions end at once, this one too. You sign in again with your password.",
  },
  ru: {
    title: "Сеансы",
    note: "Где вы вошли. Сеанс заканчивается через 30 минут без дела и в любом случае через 12 часов.",
    here: "Этот",
    unknownProgram: "Неизвестная программа",
    on: (program, system) => `${program}, ${system}`,
    from: "с адреса",
    seen: (age) => `использован ${age}`,
    span: (since, until) => `начат ${since}, не дольше чем до ${until}`,
    all: (count) => `Показать все: ${count}`,
    end: "Закончить",
    endOf: (device) => `Закончить сеанс: ${device}`,
    ended: "Сеанс закончен.",
    everywhere: "Выйти везде",
    everywhereTitle: "Выйти везде?",
    everywhereNote: "Все ваши сеансы закончатся сразу, и этот тоже. Войти снова можно с паролем.",
  },
};
