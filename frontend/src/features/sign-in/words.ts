import type { Words } from "@/lib/language.tsx";
import { COOKIE_LOST } from "@/lib/session.ts";

type SignInSaid = {
  title: string;
  note: string;
  name: string;
  password: string;
  submit: string;
  submitting: string;
  noName: string;
  noPassword: string;
  sentences: Partial<Record<string, string>>;
  whoGives: string;
  firstOne: [before: string, command: string];
  others: [before: string, command: string];
  haveToken: string;
  register: string;
};

export const SIGN_IN: Words<SignInSaid> = {
  en: {
    title: "Sign in",
    note: "To the statistics of your assistant.",
    name: "Name",
    password: "Password",
    submit: "Sign in",
    submitting: "Signing in…",
    noName: "Type the name of your account.",
    noPassword: "Type your password.",
    sentences: {
      wrong_credentials:
        "No active account has this name and password. After several wrong tries the next ones have to wait.",
      not_authenticated:
        "This name and password could not be sent: they are too long, or hold characters that no password has.",
      [COOKIE_LOST]:
        "Name and password are right, but this browser did not keep the session's cookie. Browsers take it over HTTPS; over plain HTTP only from localhost or 127.0.0.1. Open the page at such an address, and allow cookies for it.",
    },
    whoGives: "No account yet? Whoever runs the server gives them:",
    firstOne: ["the first is printed by", "make up"],
    others: ["more are made with", "python -m api users add"],
    haveToken: "You were given a registration token?",
    register: "Register",
  },
  ru: {
    title: "Вход",
    note: "К статистике вашего ассистента.",
    name: "Имя",
    password: "Пароль",
    submit: "Войти",
    submitting: "Входим…",
    noName: "Введите имя учётной записи.",
    noPassword: "Введите пароль.",
    sentences: {
      wrong_credentials:
        "Нет действующей учётной записи с таким именем и паролем. После нескольких неудач следующим попыткам приходится ждать.",
      not_authenticated:
        "Такие имя и пароль нельзя отправить: они слишком длинные или содержат знаки, которых в паролях не бывает.",
      [COOKIE_LOST]:
        "Имя и пароль верны, но браузер не сохранил cookie сеанса. Он принимает её по HTTPS, а по простому HTTP — только от localhost или 127.0.0.1. Откройте страницу по такому адресу и разрешите для него cookie.",
    },
    whoGives: "Ещё нет учётной записи? Её даёт тот, кто управляет сервером:",
    firstOne: ["первую печатает", "make up"],
    others: ["остальные создаёт", "python -m api users add"],
    haveToken: "Вам дали токен регистрации?",
    register: "Зарегистрироваться",
  },
};

type RegisterSaid = {
  title: string;
  note: string;
  token: string;
  tokenHint: string;
  name: string;
  nameHint: string;
  password: string;
  role: string;
  roles: Record<"analyst" | "admin", string>;
  submit: string;
  submitting: string;
  noToken: string;
  wrongToken: string;
  wrongName: string;
  nameTaken: string;
  off: string;
  tokenLocked: string;
  haveAccount: string;
  signIn: string;
  done: (name: string) => string;
  doneNote: string;
  toSettings: string;
  sentences: Partial<Record<string, string>>;
};

export const REGISTER: Words<RegisterSaid> = {
  en: {
    title: "Register",
    note: "A new account, for those who have the registration token.",
    token: "Registration token",
    tokenHint: "The server's ADMIN_REGISTRATION_TOKEN; its operator gives it to you.",
    name: "Name",
    nameHint: "3 to 64 of a–z, digits and . _ - @; capitals become small.",
    password: "Password",
    role: "Role",
    roles: {
      analyst: "Analyst: sees all numbers",
      admin: "Admin: also manages accounts and reads the log",
    },
    submit: "Register",
    submitting: "Registering…",
    noToken: "Type the registration token.",
    wrongToken:
      "This is not the registration token. After five wrong ones your address has to wait.",
    wrongName: "A name has 3 to 64 letters of a–z, digits and . _ - @.",
    nameTaken: "There is an account of this name already: choose another one.",
    off: "Registration is off on this server. Its operator sets `ADMIN_REGISTRATION_TOKEN`, or adds you with `python -m api users add`.",
    tokenLocked: "Too many wrong tokens came from your address: the next one has to wait.",
    haveAccount: "You have an account?",
    signIn: "Sign in",
    done: (name) => `The account ${name} is ready`,
    doneNote: "Its owner can sign in with the password that you typed.",
    toSettings: "To the settings",
    sentences: {
      [COOKIE_LOST]:
        "The account is made, but this browser did not keep the session's cookie. Browsers take it over HTTPS; over plain HTTP only from localhost or 127.0.0.1.",
    },
  },
  ru: {
    title: "Регистрация",
    note: "Новая учётная запись для тех, у кого есть токен регистрации.",
    token: "Токен регистрации",
    tokenHint: "ADMIN_REGISTRATION_TOKEN сервера; его даёт оператор.",
    name: "Имя",
    nameHint: "От 3 до 64 знаков: a–z, цифры и . _ - @; заглавные станут строчными.",
    password: "Пароль",
    role: "Роль",
    roles: {
      analyst: "Аналитик: видит все числа",
      admin: "Администратор: ещё управляет учётными записями и читает журнал",
    },
    submit: "Зарегистрироваться",
    submitting: "Регистрируем…",
    noToken: "Введите токен регистрации.",
    wrongToken: "Это не токен регистрации. После пяти неверных вашему адресу придётся подождать.",
    wrongName: "В имени от 3 до 64 знаков: буквы a–z, цифры и . _ - @.",
    nameTaken: "Учётная запись с таким именем уже есть: выберите другое.",
    off: "Регистрация на этом сервере выключена. Оператор задаёт `ADMIN_REGISTRATION_TOKEN` или добавляет вас командой `python -m api users add`.",
    tokenLocked:
      "С вашего адреса пришло слишком много неверных токенов: следующему придётся подождать.",
    haveAccount: "Уже есть учётная запись?",
    signIn: "Войти",
    done: (name) => `Учётная запись ${name} готова`,
    doneNote: "Её владелец может войти с введённым паролем.",
    toSettings: "К настройкам",
    sentences: {
      [COOKIE_LOST]:
        "Учётная запись создана, но браузер не сохранил cookie сеанса. Он принимает её по HTTPS, а по простому HTTP — только от localhost или 127.0.0.1.",
    },
  },
};
