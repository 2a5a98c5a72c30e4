import { keepPreviousData, MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem.ts";
import { noteAnswer } from "@/lib/freshness.ts";

const FRESH_MS = 30_000;
const ASK_AGAIN_MS = 15_000;
const MAX_RETRIES = 2;

/** Old numbers stay while new ones are fetched; what may pass is asked again until it has passed. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof Problem && error.kind === "signed_out") onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: (_answer, query) => noteAnswer(query.state.data),
      onError,
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        placeholderData: keepPreviousData,
        networkMode: "always",
        retry: (failures, error) => isPassing(error) && failures < MAX_RETRIES && !isLimited(error),
        retryDelay: (failures) => Math.min(1000 * 2 ** failures, 8000),
        refetchInterval: (query) => againAfter(query.state.error),
      },
      mutations: { networkMode: "always" },
    },
  });
}

/** Milliseconds until a failed question is asked again; false where that would not help. */
function againAfter(error: Error | null): number | false {
  if (!isPassing(error)) return false;
  return isLimited(error) ? (error.retryAfter ?? 60) * 1000 : ASK_AGAIN_MS;
}

function isPassing(error: Error | null): error is Problem {
  return error instanceof Problem && error.isPassing;
}

function isLimited(error: Problem): boolean {
  return error.kind === "limited";
}
