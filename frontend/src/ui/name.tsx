import { shownName } from "@/lib/shown-name.ts";

/** What somebody else has named: always to be seen, and without power over the words around it. */
export function Name({ className, children }: { className?: string; children: string }) {
  return <bdi className={className}>{shownName(children)}</bdi>;
}
