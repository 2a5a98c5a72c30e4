import { useQuery } from "@tanstack/react-query";
import { botsQuery } from "@/api/queries.ts";
import { Name } from "@/ui/name.tsx";

/** A bot by its name; by its id while that is not known. */
export function BotName({ id }: { id: number }) {
  const name = useQuery(botsQuery).data?.[id];
  return <Name>{name ? `@${name}` : String(id)}</Name>;
}
