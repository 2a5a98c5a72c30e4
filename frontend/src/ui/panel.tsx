import clsx from "clsx";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Problem } from "@/api/problem.ts";
import { Boundary } from "@/ui/boundary.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";

/** What a panel has to know of a question: that of `useQuery`, or of pages of answers. */
export type Asked<T> = {
  data: T | undefined;
  error: Error | null;
  isPending: boolean;
  isPlaceholderData: boolean;
  dataUpdatedAt: number;
  refetch: () => Promise<unknown>;
};

/**
 * A titled sheet of a page. It owns loading, empty and error: while new numbers are fetched the old
 * ones stay, dimmed; an error stands beside them if there are any, and instead of them if not.
 */
export function Panel<T>({
  title,
  note,
  actions,
  query: asked,
  skeleton,
  isEmpty,
  empty,
  className,
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  query: Asked<T>;
  skeleton: ReactNode;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  className?: string;
  children: (data: T) => ReactNode;
}) {
  const heading = useId();
  const query = useLasting(asked);
  const { data, isPlaceholderData, isPending } = query;
  const problem = useProblem(query);
  return (
    <Sheet heading={heading} title={title} note={note} actions={actions} className={className}>
      {problem && (
        <ProblemNote
          problem={problem}
          onAgain={() => void query.refetch()}
          compact={data !== undefined}
        />
      )}
      {data !== undefined && (
        <Boundary version={query.dataUpdatedAt}>
          <div
            aria-busy={isPlaceholderData}
            className={clsx("transition-opacity", isPlaceholderData && "opacity-55")}
          >
            {isEmpty?.(data) ? empty : children(data)}
          </div>
        </Boundary>
      )}
      {isPending && !problem && <div aria-busy="true">{skeleton}</div>}
    </Sheet>
  );
}

/** What was shown stays, dimmed, while the next question fails and is asked again: it may pass. */
export function useLasting<T>(query: Asked<T>): Asked<T> {
  const last = useRef<T>(undefined);
  const { data, error } = query;
  useEffect(() => {
    last.current = data ?? last.current;
  }, [data]);
  if (data !== undefined || last.current === undefined || !isPassing(error)) return query;
  return { ...query, data: last.current, isPlaceholderData: true };
}

/** What may pass stays said while it is asked again: a note that comes and goes would flicker. */
export function useProblem({ error, isPending }: Asked<unknown>): Error | null {
  const [last, setLast] = useState<Error | null>(null);
  if (error !== null && error !== last) setLast(error);
  if (error === null && !isPending && last !== null) setLast(null);
  return error ?? (isPending && isPassing(last) ? last : null);
}

function isPassing(error: Error | null): boolean {
  return error instanceof Problem && error.isPassing;
}

/** The form of a panel, for what asks no question. */
export function Sheet({
  heading,
  title,
  note,
  actions,
  className,
  children,
}: {
  heading?: string;
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}) {
  const own = useId();
  return (
    <section
      aria-labelledby={heading ?? own}
      className={clsx("min-w-0 rounded-2xl border border-line bg-sheet p-4 sm:p-5", className)}
    >
      <header className="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        {/* On a phone the note has the whole width, below title and actions. */}
        <div className="contents sm:block sm:min-w-0 sm:flex-1 sm:basis-40">
          <h2
            id={heading ?? own}
            className="min-w-0 font-semibold max-sm:flex-1 max-sm:basis-40 max-sm:self-center"
          >
            {title}
          </h2>
          {note && (
            <p className="text-sm text-ink-soft max-sm:order-last max-sm:basis-full">{note}</p>
          )}
        </div>
        {actions && <div className="no-print flex flex-wrap items-center gap-1">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
