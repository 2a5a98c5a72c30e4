import { useEffect } from "react";

const PRODUCT = "Parley";

export function titleOf(name: string | undefined): string {
  return name ? `${name} · ${PRODUCT}` : PRODUCT;
}

/** For a page that shows one thing: the window bears that name instead of the page's. */
export function useTitle(name: string | undefined): void {
  useEffect(() => {
    if (name) document.title = titleOf(name);
  }, [name]);
}
