import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { keepView } from "@/lib/use-view.ts";
import { Name } from "@/ui/name.tsx";

export function PersonLink({
  id,
  pseudonym,
  className,
}: {
  id: string;
  pseudonym: string;
  className?: string;
}) {
  return (
    <Link
      to="/users/$userId"
      params={{ userId: id }}
      search={keepView}
      className={clsx("underline-offset-2 hover:underline", className)}
    >
      <Name>{pseudonym}</Name>
    </Link>
  );
}
