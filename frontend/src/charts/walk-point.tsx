import { Link } from "@tanstack/react-router";
import type { CSSProperties, FocusEvent } from "react";
import type { Target } from "@/charts/types.ts";
import type { Walk } from "@/charts/use-walk.ts";

/**
 * The one thing in a chart that takes the focus. It lies on the bucket or cell in question: a link
 * where there are rows behind it, which the pointer finds below itself and the browser can open in a
 * tab of its own; else something whose value is read out.
 */
export function WalkPoint({
  label,
  text,
  walk,
  count,
  target,
  style,
}: {
  label: string;
  /** The words of the place. */
  text: string;
  walk: Walk;
  count: number;
  target: Target | undefined;
  style: CSSProperties;
}) {
  const shared = {
    className: "absolute rounded-md outline-offset-0",
    style,
    onKeyDown: walk.press,
    onFocus: (event: FocusEvent) => {
      if (event.target.matches(":focus-visible")) walk.enter();
    },
    onBlur: walk.leave,
  };
  if (target) {
    return (
      <>
        <Link
          {...target}
          {...shared}
          preload={false}
          draggable={false}
          aria-label={`${label}. ${text}`}
        />
        <p className="sr-only" aria-live="polite">
          {walk.isWalked ? text : ""}
        </p>
      </>
    );
  }
  return (
    <div
      {...shared}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-readonly
      aria-valuemin={1}
      aria-valuemax={Math.max(count, 1)}
      aria-valuenow={walk.home + 1}
      aria-valuetext={text}
    />
  );
}
