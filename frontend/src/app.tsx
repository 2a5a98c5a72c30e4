import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type RouterHistory, RouterProvider } from "@tanstack/react-router";
import { createQueryClient } from "@/api/query-client.ts";
import { LanguageProvider } from "@/lib/language.tsx";
import { createDashboard } from "@/routes.tsx";
import { type LeftOut, LeftOutContext, watchLeftOut } from "@/shell/left-out.ts";
import { guardSession } from "@/shell/session-guard.ts";

type Parts = {
  queryClient: QueryClient;
  router: ReturnType<typeof createDashboard>;
  leftOut: LeftOut;
};

/** The dashboard's parts, tied together once. */
export function createApp(history?: RouterHistory): Parts {
  const queryClient = createQueryClient(() => guard.check());
  const router = createDashboard(queryClient, history);
  const guard = guardSession(queryClient, router);
  return { queryClient, router, leftOut: watchLeftOut(router) };
}

export function App({ parts: { queryClient, router, leftOut } }: { parts: Parts }) {
  return (
    <LanguageProvider>
      <QueryClientProvider client={queryClient}>
        <LeftOutContext value={leftOut}>
          <RouterProvider router={router} />
        </LeftOutContext>
      </QueryClientProvider>
    </LanguageProvider>
  );
}
