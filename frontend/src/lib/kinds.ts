import type { Language, Words } from "@/lib/language.tsx";
import { named } from "@/lib/named.ts";

/** What people send; a kind that Telegram adds stays in its own word. */
export function kindName(kind: string, language: Language): string {
  return named(NAMES[language], kind);
}

const NAMES: Words<Record<string, string>> = {
  en: {
    text: "Text",
    photo: "Photo",
    voice: "Voice message",
    audio: "Audio",
    video: "Video",
    video_note: "Round video",
    document: "File",
    sticker: "Sticker",
    animation: "Animation",
    location: "Place",
    contact: "Contact",
    poll: "Poll",
    dice: "Dice",
  },
  ru: {
    text: "Текст",
    photo: "Фото",
    voice: "Голосовое сообщение",
    audio: "Аудио",
    video: "Видео",
    video_note: "Видеокружок",
    document: "Файл",
    sticker: "Стикер",
    animation: "Анимация",
    location: "Место",
    contact: "Контакт",
    poll: "Опрос",
    dice: "Кубик",
  },
};
