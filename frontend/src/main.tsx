import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { meQuery } from "@/api/queries.ts";
import { createQueryClient } from "@/api/query-client.ts";
import { LanguageProvider } from "@/lib/language.tsx";
import { createDashboard } from "@/routes.tsx";
import "@/styles.css";

const queryClient = createQueryClient(askToSignIn);
const router = createDashboard(queryClient);

/** A session that has ended: to the door, and afterwards back to where one was. */
function askToSignIn(): void {
  queryClient.setQueryData(meQuery.queryKey, null);
  if (router.state.location.pathname !== "/sign-in") void router.invalidate();
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </StrictMode>,
  );
}
