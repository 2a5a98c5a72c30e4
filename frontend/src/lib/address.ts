import { type LinkProps, useNavigate } from "@tanstack/react-router";

type Words = Record<string, unknown>;

/** The way to this page with other words in its address, and all else as it is. */
export function withWords(change: Words): Pick<LinkProps, "to" | "search"> {
  return { to: ".", search: ((before: Words) => ({ ...before, ...change })) as never };
}

/** Goes there; the address of before is not worth a step back. */
export function useChangeWords(): (change: Words) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({ ...withWords(change), replace: true, resetScroll: false } as never);
}
