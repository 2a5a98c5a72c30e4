import type { AsyncRouteComponent } from "@tanstack/react-router";
import { type ComponentType, createElement, use } from "react";

/** The code of a page did not come: no connection, or a newer version has taken its place. */
export class PartMissing extends Error {
  override readonly name = "PartMissing";
}

/** A page whose code comes when it is wanted; what did not come is tried again by the next wish. */
export function lazyPage<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
): AsyncRouteComponent<object> {
  let page: ComponentType | undefined;
  let loading: Promise<void> | undefined;
  const preload = () => {
    loading ??= load().then(
      (module) => {
        page = module[name];
      },
      (cause) => {
        loading = undefined;
        throw new PartMissing("A page's code did not come.", { cause });
      },
    );
    return loading;
  };
  const Page = () => {
    if (!page) use(preload());
    return page ? createElement(page) : null;
  };
  return Object.assign(Page, { preload });
}
