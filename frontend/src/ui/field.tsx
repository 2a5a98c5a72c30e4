import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

const BOX =
  "w-full rounded-lg border border-line-strong bg-sheet px-3 py-1.5 text-sm placeholder:text-ink-faint aria-invalid:border-bad";

/** A labelled input; a `problem` is tied to it for those who hear the page. */
export function Field({
  label,
  hint,
  problem,
  className,
  ...rest
}: ComponentProps<"input"> & { label: string; hint?: ReactNode; problem?: string | undefined }) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        {...rest}
        aria-invalid={problem ? true : undefined}
        aria-describedby={hint || problem ? `${id}-more` : undefined}
        className={BOX}
      />
      <div
        id={`${id}-more`}
        className={clsx("mt-1 text-xs", problem ? "text-bad" : "text-ink-soft")}
      >
        {problem ?? hint}
      </div>
    </div>
  );
}

export function Select({
  label,
  hiddenLabel = false,
  className,
  children,
  ...rest
}: ComponentProps<"select"> & { label: string; hiddenLabel?: boolean }) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className={hiddenLabel ? "sr-only" : "mb-1 block text-sm font-medium"}>
        {label}
      </label>
      <select id={id} {...rest} className={clsx(BOX, "pr-7")}>
        {children}
      </select>
    </div>
  );
}
