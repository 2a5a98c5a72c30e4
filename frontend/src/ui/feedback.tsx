import { ThumbsDown, ThumbsUp } from "lucide-react";
import { formatInteger, MISSING } from "@/lib/format.ts";
import { useLanguage } from "@/lib/language.tsx";

const WORDS = {
  en: { likes: "likes", dislikes: "dislikes", none: "No feedback" },
  ru: { likes: "нравится", dislikes: "не нравится", none: "Отзывов нет" },
};

/** Thumbs that people gave; none is a dash. */
export function Feedback({ likes, dislikes }: { likes: number; dislikes: number }) {
  const { language } = useLanguage();
  const words = WORDS[language];
  if (likes === 0 && dislikes === 0) {
    return (
      <>
        <span aria-hidden className="text-ink-faint">
          {MISSING}
        </span>
        <span className="sr-only">{words.none}</span>
      </>
    );
  }
  return (
    <span className="inline-flex items-center gap-2">
      {likes > 0 && (
        <span className="inline-flex items-center gap-1 text-good">
          <ThumbsUp size={14} aria-hidden /> {formatInteger(likes, language)}
          <span className="sr-only">{words.likes}</span>
        </span>
      )}
      {dislikes > 0 && (
        <span className="inline-flex items-center gap-1 text-bad">
          <ThumbsDown size={14} aria-hidden /> {formatInteger(dislikes, language)}
          <span className="sr-only">{words.dislikes}</span>
        </span>
      )}
    </span>
  );
}
