import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { ArrowDown } from "lucide-react";
import type { UserRow } from "@/api/types.ts";
import { ORDERS, type Order } from "@/features/users/orders.ts";
import { PEOPLE_WORDS } from "@/features/users/words.ts";
import { formatDay } from "@/lib/dates.ts";
import { formatValue, MISSING } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { languageName } from "@/lib/language-name.ts";
import { useMetric } from "@/lib/metrics.ts";
import { keepView } from "@/lib/use-view.ts";
import { Name } from "@/ui/name.tsx";
import { type Column, Table } from "@/ui/table.tsx";

export function PeopleTable({
  people,
  zone,
  order,
  onOrder,
}: {
  people: UserRow[];
  zone: string;
  order: Order;
  onOrder: (order: Order) => void;
}) {
  const words = useWords(PEOPLE_WORDS);
  const { language } = useLanguage();
  const metric = useMetric();
  const columns: Column<UserRow>[] = [
    { id: "person", title: words.person, cell: (row) => <PersonLink person={row} /> },
    {
      id: "language",
      title: words.language,
      isExtra: true,
      cell: (row) => (
        <Name className="block max-w-40 truncate">
          {row.language ? languageName(row.language, language) : MISSING}
        </Name>
      ),
    },
    {
      id: "first-seen",
      title: words.firstSeen,
      isExtra: true,
      cell: (row) => formatDay(row.first_seen, zone, language),
    },
    ...ORDERS.map((by): Column<UserRow> => {
      const { title, unit } = metric(by);
      return {
        id: by,
        title: <OrderButton title={title} isOrder={by === order} onOrder={() => onOrder(by)} />,
        isNumber: true,
        isOrder: by === order,
        cell: (row) => formatValue(row[by], unit, language),
      };
    }),
  ];
  return <Table caption={words.title} columns={columns} rows={people} rowKey={({ id }) => id} />;
}

function PersonLink({ person }: { person: UserRow }) {
  return (
    <Link
      to="/users/$userId"
      params={{ userId: person.id }}
      search={keepView}
      className="block max-w-48 truncate font-medium text-accent underline-offset-2 hover:underline"
    >
      <Name>{person.pseudonym}</Name>
    </Link>
  );
}

function OrderButton({
  title,
  isOrder,
  onOrder,
}: {
  title: string;
  isOrder: boolean;
  onOrder: () => void;
}) {
  const words = useWords(PEOPLE_WORDS);
  return (
    <button
      type="button"
      title={words.orderBy(title)}
      onClick={onOrder}
      className={clsx(
        "-mr-1 inline-flex min-h-6 items-center gap-1 rounded px-1 hover:text-ink",
        isOrder && "font-semibold text-ink",
      )}
    >
      <ArrowDown size={13} aria-hidden className={isOrder ? "" : "invisible"} />
      {title}
    </button>
  );
}
