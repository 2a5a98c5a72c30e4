import clsx from "clsx";

/** Keeps the room of what is to come, so that nothing moves when it does. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("skeleton", className)} />;
}

export function RowsSkeleton({ rows }: { rows: number }) {
  return (
    <div aria-hidden className="space-y-2">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton h-7" />
      ))}
    </div>
  );
}
