import { Link } from "@tanstack/react-router";
import { Ellipsis, type LucideIcon } from "lucide-react";
import { useWords } from "@/lib/language.tsx";
import { NARROW, useMedia } from "@/lib/use-media.ts";
import { keepView } from "@/lib/use-view.ts";
import { AccountMenu, AccountSheet } from "@/shell/account-menu.tsx";
import { PAGE_NAMES, PAGES, type PageId } from "@/shell/navigation.ts";
import { PaletteButton } from "@/shell/palette/palette-button.tsx";
import { Popover } from "@/ui/popover.tsx";

const WORDS = {
  en: { menu: "Pages", more: "More" },
  ru: { menu: "Страницы", more: "Ещё" },
};

/** As many as there is room for below a phone's page. */
const ON_PHONE = 5;

export function Menu() {
  return useMedia(NARROW) ? <BottomMenu /> : <SideMenu />;
}

/** Icons alone where the window is not wide. */
function SideMenu() {
  const words = useWords(WORDS);
  return (
    <header className="no-print sticky top-0 flex h-dvh flex-col gap-4 overflow-y-auto border-r border-line p-2.5 xl:p-4">
      <p className="flex items-center gap-2.5 px-1.5 pt-1 text-lg font-semibold tracking-tight xl:px-1">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <span className="max-xl:sr-only">Parley</span>
      </p>
      <PaletteButton />
      <nav aria-label={words.menu} className="flex-1">
        <ul className="space-y-0.5">
          {PAGES.map((page) => (
            <li key={page.id}>
              <PageLink
                page={page}
                className="flex min-h-9 items-center gap-3 rounded-lg border-l-2 border-transparent px-2.5 text-sm text-ink-soft hover:bg-well hover:text-ink aria-[current=page]:bg-well aria-[current=page]:font-semibold aria-[current=page]:text-ink max-xl:justify-center max-xl:px-0 [&[aria-current=page]_svg]:text-accent"
                nameClass="max-xl:sr-only"
              />
            </li>
          ))}
        </ul>
      </nav>
      <AccountMenu />
    </header>
  );
}

function BottomMenu() {
  const words = useWords(WORDS);
  const form =
    "flex min-h-14 w-full flex-col items-center justify-center gap-0.5 px-0.5 text-[0.68rem] text-ink-soft aria-[current=page]:font-semibold aria-[current=page]:text-accent";
  return (
    <nav
      aria-label={words.menu}
      className="no-print fixed inset-x-0 bottom-0 z-30 border-t border-line bg-sheet pb-[env(safe-area-inset-bottom)]"
    >
      <ul className="grid grid-cols-6">
        {PAGES.slice(0, ON_PHONE).map((page) => (
          <li key={page.id} className="min-w-0">
            <PageLink page={page} className={form} nameClass="max-w-full truncate" />
          </li>
        ))}
        <li className="min-w-0">
          <Popover
            trigger={
              <>
                <Ellipsis size={18} aria-hidden />
                <span className="max-w-full truncate">{words.more}</span>
              </>
            }
            triggerClass={form}
            sheetLabel={words.more}
            sheetClass="w-72"
          >
            {(close) => (
              <>
                <PaletteButton onOpen={close} />
                <ul className="my-2 border-b border-line pb-2">
                  {PAGES.slice(ON_PHONE).map((page) => (
                    <li key={page.id}>
                      <PageLink
                        page={page}
                        onClick={close}
                        className="flex min-h-10 items-center gap-3 rounded-lg px-2 hover:bg-well"
                      />
                    </li>
                  ))}
                </ul>
                <AccountSheet onDone={close} />
              </>
            )}
          </Popover>
        </li>
      </ul>
    </nav>
  );
}

function PageLink({
  page: { id, to, icon: Icon },
  className,
  nameClass,
  onClick,
}: {
  page: { id: PageId; to: (typeof PAGES)[number]["to"]; icon: LucideIcon };
  className: string;
  nameClass?: string;
  onClick?: () => void;
}) {
  const names = useWords(PAGE_NAMES);
  return (
    <Link
      to={to}
      search={keepView}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      title={names[id]}
      onClick={onClick}
      className={className}
    >
      <Icon size={18} aria-hidden className="shrink-0" />
      <span className={nameClass}>{names[id]}</span>
    </Link>
  );
}
