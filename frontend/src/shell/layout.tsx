import { Link, Outlet } from "@tanstack/react-router";
import { useWords } from "@/lib/language.tsx";
import { keepView } from "@/lib/use-view.ts";
import { PAGE_NAMES, PAGES } from "@/shell/navigation.ts";

const WORDS = {
  en: { skip: "Skip to the numbers", menu: "Pages" },
  ru: { skip: "К числам", menu: "Страницы" },
};

/** The frame of every page: the menu beside it, or below it on a phone. */
export function Layout() {
  const words = useWords(WORDS);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:m-2 focus:rounded-lg focus:bg-raised focus:p-2"
      >
        {words.skip}
      </a>
      <Menu label={words.menu} />
      <div className="min-w-0 pb-20 md:pb-6">
        <main
          id="page"
          tabIndex={-1}
          className="mx-auto max-w-[120rem] space-y-4 p-3 outline-none sm:p-5"
        >
          <Outlet />
        </main>
      </div>
    </div>
  );
}

function Menu({ label }: { label: string }) {
  const names = useWords(PAGE_NAMES);
  return (
    <nav
      aria-label={label}
      className="no-print fixed inset-x-0 bottom-0 z-30 border-t border-line bg-sheet md:sticky md:top-0 md:h-dvh md:border-t-0 md:border-r md:bg-paper"
    >
      <p className="hidden items-center gap-2 p-5 text-lg font-semibold md:flex">
        <img src="/icon.svg" alt="" width="26" height="26" /> Parley
      </p>
      <ul className="flex justify-between overflow-x-auto px-1 md:block md:space-y-0.5 md:px-3">
        {PAGES.map(({ id, to, icon: Icon }) => (
          <li key={id}>
            <Link
              to={to}
              search={keepView}
              activeOptions={{ exact: to === "/", includeSearch: false }}
              className="flex min-w-11 flex-col items-center gap-0.5 rounded-lg px-2 py-2 text-[0.68rem] text-ink-soft hover:bg-well aria-[current=page]:font-semibold aria-[current=page]:text-accent md:flex-row md:gap-2.5 md:text-sm md:aria-[current=page]:bg-accent-soft"
            >
              <Icon size={18} aria-hidden />
              {names[id]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
