import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { useWords } from "@/lib/language.tsx";
import { signOut } from "@/lib/session.ts";
import { announce } from "@/shell/announce.tsx";

const WORDS = {
  en: { failed: "Not signed out: the service does not answer. Try again." },
  ru: { failed: "Выйти не удалось: служба не отвечает. Попробуйте ещё раз." },
};

/** Out, and to the door; who could not leave is told so. */
export function useSignOut(): () => void {
  const client = useQueryClient();
  const router = useRouter();
  const words = useWords(WORDS);
  return useCallback(() => {
    signOut(client, router).catch(() => announce(words.failed));
  }, [client, router, words]);
}
