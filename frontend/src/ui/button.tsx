import clsx from "clsx";
import type { ComponentProps } from "react";

type Look = "plain" | "main" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  plain: "border border-line bg-sheet hover:border-line-strong",
  main: "bg-accent text-on-accent hover:opacity-90",
  quiet: "hover:bg-well",
  danger: "border border-bad text-bad hover:bg-bad-soft",
};

export const buttonClass = (look: Look = "plain") =>
  clsx(
    "inline-flex min-h-8 items-center justify-center gap-1.5 rounded-lg px-2.5 py-1 text-sm font-medium",
    "transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-pressed:bg-accent-soft",
    LOOKS[look],
  );

export function Button({ look, className, ...rest }: ComponentProps<"button"> & { look?: Look }) {
  return <button type="button" {...rest} className={clsx(buttonClass(look), className)} />;
}

/** A button that shows a sign alone; `label` is its name for those who do not see it. */
export function IconButton({
  label,
  className,
  ...rest
}: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={clsx(
        buttonClass("quiet"),
        "min-w-8 px-1.5 text-ink-soft hover:text-ink",
        className,
      )}
    />
  );
}
