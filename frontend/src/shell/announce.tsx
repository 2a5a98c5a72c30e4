import { useEffect, useState, useSyncExternalStore } from "react";

/** A sentence that says what was done, for a while; also for those who hear the page. */
export function announce(sentence: string): void {
  said = { sentence };
  for (const listener of listeners) listener();
}

const SHOWN_MS = 4000;

let said: { sentence: string } | null = null;
const listeners = new Set<() => void>();

export function Announcements() {
  const latest = useSyncExternalStore(listen, () => said);
  const [shown, setShown] = useState<typeof latest>(null);
  useEffect(() => {
    setShown(latest);
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [latest]);
  return (
    <div
      role="status"
      className="no-print pointer-events-none fixed inset-x-0 bottom-20 z-50 flex justify-center md:bottom-6"
    >
      {shown && (
        <p className="rounded-full bg-ink px-4 py-1.5 text-sm text-paper shadow-sheet">
          {shown.sentence}
        </p>
      )}
    </div>
  );
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
