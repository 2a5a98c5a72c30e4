import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { keepView } from "@/lib/use-view.ts";

/** From one thing to the list of all of them, in the same view. */
export function BackLink({ to, children }: { to: "/dialogs" | "/users"; children: ReactNode }) {
  return (
    <Link
      to={to}
      search={keepView}
      className="no-print inline-flex min-h-6 items-center gap-1 text-sm text-ink-soft hover:text-ink"
    >
      <ArrowLeft size={15} aria-hidden /> {children}
    </Link>
  );
}
