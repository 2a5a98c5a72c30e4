import type { DeedId } from "@/features/system/prepare-audit.ts";
import { plural, type Words } from "@/lib/language.tsx";

type Said = {
  title: string;
  note: string;
  refresh: string;
  older: string;
  comes: string;
  end: string;
  none: string;
  when: string;
  who: string;
  what: string;
  where: string;
  nobody: string;
  terminal: string;
  deeds: Record<DeedId, (subject: string) => string>;
  somebody: string;
  reason: (reason: string) => string;
  failures: Partial<Record<string, string>>;
  role: (role: string) => string;
  roles: Partial<Record<string, string>>;
  sessions: (count: number) => string;
  openDialog: string;
  trace: string;
};

export const AUDIT: Words<Said> = {
  en: {
    title: "Log of what was done",
    note: "The newest first; admins alone see it. Passwords, tokens and texts are never in it.",
    refresh: "Look again",
    older: "Show older ones",
    comes: "Older ones are on their way",
    end: "That is all of it.",
    none: "Nothing was done yet",
    when: "When",
    who: "Who",
    what: "What",
    where: "From where",
    nobody: "not signed in",
    terminal: "at the terminal",
    deeds: {
      registered: (subject) => `Made the account ${subject}`,
      token_refused: () => "Tried a wrong registration token",
      signed_in: () => "Signed in",
      sign_in_failed: (subject) => `Failed to sign in as ${subject}`,
      signed_out: () => "Signed out",
      session_ended: (subject) => `Ended a session of ${subject}`,
      sessions_ended: (subject) => `Signed ${subject} out everywhere`,
      password_changed: (subject) => `Changed the password of ${subject}`,
      role_changed: (subject) => `Changed the role of ${subject}`,
      disabled: (subject) => `Disabled ${subject}`,
      enabled: (subject) => `Enabled ${subject}`,
      dialog_opened: () => "Read a dialog",
      exported: (subject) => `Downloaded ${subject}.csv`,
    },
    somebody: "somebody unknown",
    reason: (reason) => `“${reason}”`,
    failures: {
      no_such_account: "there is no such account",
      disabled: "the account is disabled",
      wrong_password: "wrong password",
    },
    role: (role) => `as ${role}`,
    roles: { admin: "admin", analyst: "analyst" },
    sessions: (count) =>
      plural("en", count, { one: "1 session ended", other: `${count} sessions ended` }),
    openDialog: "To the dialog",
    trace: "trace",
  },
  ru: {
    title: "Журнал действий",
    note: "Новое сверху; видят только администраторы. Паролей, токенов и текстов в нём нет.",
    refresh: "Обновить",
    older: "Показать более старые",
    comes: "Более старые уже в пути",
    end: "Это всё.",
    none: "Пока ничего не сделано",
    when: "Когда",
    who: "Кто",
    what: "Что",
    where: "Откуда",
    nobody: "без входа",
    terminal: "в терминале",
    deeds: {
      registered: (subject) => `Создание учётной записи ${subject}`,
      token_refused: () => "Неверный токен регистрации",
      signed_in: () => "Вход",
      sign_in_failed: (subject) => `Неудачный вход: ${subject}`,
      signed_out: () => "Выход",
      session_ended: (subject) => `Окончен сеанс: ${subject}`,
      sessions_ended: (subject) => `Выход везде: ${subject}`,
      password_changed: (subject) => `Смена пароля: ${subject}`,
      role_changed: (subject) => `Смена роли: ${subject}`,
      disabled: (subject) => `Отключение: ${subject}`,
      enabled: (subject) => `Включение: ${subject}`,
      dialog_opened: () => "Чтение диалога",
      exported: (subject) => `Скачивание ${subject}.csv`,
    },
    somebody: "неизвестно кто",
    reason: (reason) => `«${reason}»`,
    failures: {
      no_such_account: "такой учётной записи нет",
      disabled: "учётная запись отключена",
      wrong_password: "неверный пароль",
    },
    role: (role) => `роль: ${role}`,
    roles: { admin: "администратор", analyst: "аналитик" },
    sessions: (count) =>
      plural("ru", count, {
        one: `окончен ${count} сеанс`,
        few: `окончено ${count} сеанса`,
        many: `окончено ${count} сеансов`,
      }),
    openDialog: "К диалогу",
    trace: "след",
  },
};
