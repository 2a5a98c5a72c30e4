import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useRef } from "react";
import { useWords } from "@/lib/language.tsx";
import { titleOf } from "@/lib/title.ts";
import { Announcements } from "@/shell/announce.tsx";
import { Menu } from "@/shell/menu.tsx";
import { PAGE_NAMES, type PageId } from "@/shell/navigation.ts";
import { LeftOutNotice } from "@/shell/notices.tsx";
import { OutageNotice } from "@/shell/outage.tsx";
import { Overlays } from "@/shell/overlays.tsx";
import { RefusedNotice } from "@/shell/refused.tsx";
import { Toolbar } from "@/shell/toolbar/toolbar.tsx";
import { useLive } from "@/shell/use-live.ts";

const WORDS = {
  en: { skip: "Skip to the numbers" },
  ru: { skip: "К числам" },
};

/** The frame of every page: the menu beside it, or below it on a phone, and what is shown above. */
export function Layout() {
  const words = useWords(WORDS);
  const { page, hasWindow, hasComparison, pathname } = useShownPage();
  const live = useLive();
  usePageTitle(page, pathname);
  useFocusOnPage(pathname);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[4rem_minmax(0,1fr)] xl:grid-cols-[14rem_minmax(0,1fr)] print:block">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:m-2 focus:rounded-lg focus:bg-raised focus:p-2"
      >
        {words.skip}
      </a>
      <Menu />
      <div className="min-w-0 pb-20 md:pb-6 print:pb-0">
        {hasWindow && <Toolbar live={live} hasComparison={hasComparison} />}
        <main
          id="page"
          tabIndex={-1}
          className="mx-auto max-w-[120rem] space-y-4 p-3 outline-none sm:p-5"
        >
          <LeftOutNotice />
          <OutageNotice />
          {hasWindow && <RefusedNotice />}
          <Outlet />
        </main>
      </div>
      <Overlays />
      <Announcements />
    </div>
  );
}

/** What the deepest route that is shown says of itself. */
function useShownPage() {
  const data = useRouterState({ select: (state) => state.matches.at(-1)?.staticData });
  const pathname = useRouterState({
    select: (state) => state.resolvedLocation?.pathname ?? state.location.pathname,
  });
  const { page, hasWindow = false, hasComparison = true } = data ?? {};
  return { page, hasWindow, hasComparison, pathname };
}

/** Before the effects of the page itself, which may know a better one. */
function usePageTitle(page: PageId | undefined, pathname: string): void {
  const names = useWords(PAGE_NAMES);
  const name = page && names[page];
  useLayoutEffect(() => {
    document.title = titleOf(name);
  }, [name, pathname]);
}

/** Those who hear the page, or go by Tab, begin at its top after each step to another one. */
function useFocusOnPage(pathname: string): void {
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    document.getElementById("page")?.focus({ preventScroll: true });
  }, [pathname]);
}
