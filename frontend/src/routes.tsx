import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import * as v from "valibot";
import { meQuery } from "@/api/queries.ts";
import { CHOICES as MODELS } from "@/features/models/choices.ts";
import { CHOICES as OVERVIEW } from "@/features/overview/choices.ts";
import { CHOICES as QUALITY } from "@/features/quality/choices.ts";
import { ORDERS } from "@/features/users/orders.ts";
import { HAVING } from "@/lib/having.ts";
import { parseSearch, stringifySearch } from "@/lib/search.ts";
import { validSearch, validView } from "@/lib/view.ts";
import { Layout } from "@/shell/layout.tsx";
import { lazyPage } from "@/shell/lazy-page.ts";
import { NotFound, PageFailed, PagePending } from "@/shell/page-states.tsx";

/** Every page of the dashboard, and what its address may say. */

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: NotFound,
  errorComponent: PageFailed,
});

/** Pages for those who have signed in; others are sent to the door, and back afterwards. */
const app = createRoute({
  id: "app",
  getParentRoute: () => root,
  validateSearch: validView,
  component: Layout,
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (me === null) throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
});

const OverviewSearch = { metric: v.optional(v.picklist(OVERVIEW.metric)) };

const overview = createRoute({
  path: "/",
  getParentRoute: () => app,
  staticData: { page: "overview", hasWindow: true },
  validateSearch: (search: Record<string, unknown>) => validSearch(OverviewSearch, search),
  component: lazyPage(() => import("@/features/overview/overview-page.tsx"), "OverviewPage"),
});

const UsersSearch = {
  search: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60))),
  order: v.optional(v.picklist(ORDERS)),
};

const users = createRoute({
  path: "/users",
  getParentRoute: () => app,
  staticData: { page: "users", hasWindow: true },
  validateSearch: (search: Record<string, unknown>) => validSearch(UsersSearch, search),
  component: lazyPage(() => import("@/features/users/users-page.tsx"), "UsersPage"),
});

const user = createRoute({
  path: "/users/$userId",
  getParentRoute: () => app,
  staticData: { page: "users", hasWindow: true },
  component: lazyPage(() => import("@/features/users/user-page.tsx"), "UserPage"),
});

const DialogsSearch = {
  search: v.optional(v.pipe(v.string(), v.maxLength(100))),
  outcome: v.optional(v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/))),
  having: v.optional(v.picklist(HAVING)),
};

const dialogs = createRoute({
  path: "/dialogs",
  getParentRoute: () => app,
  staticData: { page: "dialogs", hasWindow: true, hasComparison: false },
  validateSearch: (search: Record<string, unknown>) => validSearch(DialogsSearch, search),
  component: lazyPage(() => import("@/features/dialogs/dialogs-page.tsx"), "DialogsPage"),
});

const dialog = createRoute({
  path: "/dialogs/$dialogId",
  getParentRoute: () => app,
  staticData: { page: "dialogs" },
  component: lazyPage(() => import("@/features/dialogs/dialog-page.tsx"), "DialogPage"),
});

const ModelsSearch = {
  metric: v.optional(v.picklist(MODELS.metric)),
  stage: v.optional(v.picklist(MODELS.stage)),
};

const models = createRoute({
  path: "/models",
  getParentRoute: () => app,
  staticData: { page: "models", hasWindow: true },
  validateSearch: (search: Record<string, unknown>) => validSearch(ModelsSearch, search),
  component: lazyPage(() => import("@/features/models/models-page.tsx"), "ModelsPage"),
});

const QualitySearch = {
  metric: v.optional(v.picklist(QUALITY.metric)),
  by: v.optional(v.picklist(QUALITY.by)),
};

const quality = createRoute({
  path: "/quality",
  getParentRoute: () => app,
  staticData: { page: "quality", hasWindow: true },
  validateSearch: (search: Record<string, unknown>) => validSearch(QualitySearch, search),
  component: lazyPage(() => import("@/features/quality/quality-page.tsx"), "QualityPage"),
});

const system = createRoute({
  path: "/system",
  getParentRoute: () => app,
  staticData: { page: "system" },
  component: lazyPage(() => import("@/features/system/system-page.tsx"), "SystemPage"),
});

const settings = createRoute({
  path: "/settings",
  getParentRoute: () => app,
  staticData: { page: "settings" },
  component: lazyPage(() => import("@/features/settings/settings-page.tsx"), "SettingsPage"),
});

/** Where to go after signing in: a page of ours, never an address of somebody else's. */
const Next = {
  next: v.optional(v.pipe(v.string(), v.regex(/^\/(?![/\\])/), v.maxLength(2000))),
};

const signIn = createRoute({
  path: "/sign-in",
  getParentRoute: () => root,
  validateSearch: (search: Record<string, unknown>) => validSearch(Next, search),
  component: lazyPage(() => import("@/features/sign-in/sign-in-page.tsx"), "SignInPage"),
});

const register = createRoute({
  path: "/register",
  getParentRoute: () => root,
  component: lazyPage(() => import("@/features/sign-in/register-page.tsx"), "RegisterPage"),
});

const tree = root.addChildren([
  app.addChildren([overview, users, user, dialogs, dialog, models, quality, system, settings]),
  signIn,
  register,
]);

export function createDashboard(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    ...(history ? { history } : {}),
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
    defaultPendingComponent: PagePending,
    defaultPendingMs: 150,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createDashboard>;
  }
}
