import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { keepView } from "@/lib/use-view.ts";
import { buttonClass } from "@/ui/button.tsx";

/** To the page that says more, with the view that is shown here. */
export function MoreLink({
  to,
  children,
}: {
  to: "/dialogs" | "/models" | "/users";
  children: ReactNode;
}) {
  return (
    <Link to={to} search={keepView} className={buttonClass("quiet")}>
      {children} <ArrowRight size={15} aria-hidden />
    </Link>
  );
}
