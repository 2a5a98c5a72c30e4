import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { dialogsQuery } from "@/api/queries.ts";
import type { Having } from "@/lib/having.ts";
import { askedOf, given, type View } from "@/lib/view.ts";

/** Which dialogs are listed, besides the view. */
export type Sought = {
  search?: string | undefined;
  outcome?: string | undefined;
  having?: Having | undefined;
};

const ROWS = 50;

export const soughtDialogsQuery = (view: View, sought: Sought) =>
  dialogsQuery({ ...dialogsAsked(view, sought), limit: ROWS });

/** What the list of dialogs and its file are asked with. */
export function dialogsAsked(view: View, { search, outcome, having }: Sought) {
  const { bucket: _bucket, ...asked } = askedOf({ ...view, compare: "none" });
  return { ...asked, ...given({ search, outcome, having }) };
}

/**
 * Opens a dialog for a reason, and does not before there is one. Each asking is recorded with the
 * reader's name, so it is asked once and never again by itself, whoever invalidates or reconnects;
 * the texts are kept as long as they are looked at.
 */
export const textsQuery = (id: string, reason: string | null) =>
  infiniteQueryOptions({
    queryKey: ["dialog", id, reason],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { reason: reason ?? "", ...given({ cursor: pageParam }) };
      return answer(
        api.GET("/api/v1/dialogs/{dialog_id}", { params: { path: { dialog_id: id }, query } }),
      );
    },
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: (query) => reason !== null && query.state.status !== "error",
    staleTime: "static",
    gcTime: 0,
    retry: false,
    refetchInterval: false,
    refetchOnMount: false,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
    placeholderData: () => undefined,
  });
