import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMe } from "@/lib/session.ts";

/** Whoever has signed in goes where they wanted to; the way back does not lead here again. */
export function useGoOn(): void {
  const me = useMe();
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  useEffect(() => {
    if (me) router.history.replace(next ?? "/");
  }, [me, next, router]);
}
