import { LockKeyholeOpen, Printer, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { OpenedDialog } from "@/api/types.ts";
import { prepareTurns } from "@/features/dialogs/prepare-turns.ts";
import { TurnItem } from "@/features/dialogs/turn-item.tsx";
import { TEXT_WORDS } from "@/features/dialogs/turn-words.ts";
import { useWords } from "@/lib/language.tsx";
import { Button } from "@/ui/button.tsx";
import { Empty } from "@/ui/empty.tsx";
import { MoreRows } from "@/ui/more-rows.tsx";
import { Name } from "@/ui/name.tsx";
import { type Asked, Panel, Sheet } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

type Pages = Asked<{ pages: OpenedDialog[] }> & {
  isFetchingNextPage: boolean;
  fetchNextPage: (options?: object) => Promise<unknown>;
};

/** The conversation, with what is known of each answer beside it. */
export function Texts({
  query,
  reason,
  zone,
  onClose,
}: {
  query: Pages;
  reason: string;
  zone: string;
  onClose: () => void;
}) {
  const words = useWords(TEXT_WORDS);
  const place = useFocused();
  const { turns, total, comes } = prepareTurns(query.data?.pages ?? [], zone);
  const head = {
    title: words.title,
    actions: <Actions isOpen={query.data !== undefined} onClose={onClose} />,
  };
  return (
    <div ref={place} tabIndex={-1} className="outline-none">
      {query.error && !query.data ? (
        <Sheet {...head}>
          <Trouble query={query} />
        </Sheet>
      ) : (
        <Panel
          {...head}
          className="break-inside-auto!"
          note={query.data && <OpenedFor reason={reason} />}
          query={{ ...query, error: null }}
          skeleton={<TextsSkeleton />}
          isEmpty={() => turns.length === 0}
          empty={<Empty title={words.none}>{words.noneHint}</Empty>}
        >
          {() => (
            <>
              <ol>
                {turns.map((shown) => (
                  <TurnItem key={shown.turn.id} shown={shown} zone={zone} />
                ))}
              </ol>
              <Trouble query={query} />
              <MoreRows query={query} comes={comes} count={words.count(turns.length, total)} />
              {comes > 0 && (
                <p className="no-print mt-1 text-xs text-ink-soft">{words.morePages}</p>
              )}
            </>
          )}
        </Panel>
      )}
    </div>
  );
}

/** The form that had the focus is gone; what it opened has it instead. */
function useFocused() {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.focus({ preventScroll: true }), []);
  return element;
}

function OpenedFor({ reason }: { reason: string }) {
  const words = useWords(TEXT_WORDS);
  return (
    <span className="flex items-start gap-1.5">
      <LockKeyholeOpen size={15} aria-hidden className="mt-0.5 shrink-0" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {words.openedFor} <Name className="text-ink">{reason}</Name>. {words.recorded}
      </span>
    </span>
  );
}

function Actions({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const words = useWords(TEXT_WORDS);
  return (
    <>
      {isOpen && (
        <Button look="quiet" onClick={() => print()}>
          <Printer size={15} aria-hidden /> {words.print}
        </Button>
      )}
      <Button look="quiet" onClick={onClose}>
        <X size={15} aria-hidden /> {words.close}
      </Button>
    </>
  );
}

/** Asking again is another opening: only the reader may want that. */
function Trouble({ query }: { query: Pages }) {
  if (!query.error) return null;
  const hasTexts = query.data !== undefined;
  return (
    <ProblemNote
      problem={query.error}
      compact={hasTexts}
      isByHand
      onAgain={() => void (hasTexts ? query.fetchNextPage() : query.refetch())}
    />
  );
}

function TextsSkeleton() {
  return (
    <div className="space-y-6">
      {["first", "second", "third"].map((turn) => (
        <div key={turn} className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
          <div className="space-y-3">
            <Skeleton className="ml-auto h-12 w-1/2" />
            <Skeleton className="h-24 w-4/5" />
          </div>
          <Skeleton className="h-44" />
        </div>
      ))}
    </div>
  );
}
