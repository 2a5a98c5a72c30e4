import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "@/api/problem.ts";
import type { DialogRow } from "@/api/types.ts";
import { DialogFacts } from "@/features/dialogs/dialog-facts.tsx";
import { MissingDialog } from "@/features/dialogs/missing-dialog.tsx";
import { DIALOG_WORDS } from "@/features/dialogs/opened-words.ts";
import { PersonLink } from "@/features/dialogs/person-link.tsx";
import { type Known, knownOf, ZONE_UNKNOWN } from "@/features/dialogs/prepare-known.ts";
import { textsQuery } from "@/features/dialogs/queries.ts";
import { ReasonForm } from "@/features/dialogs/reason-form.tsx";
import { Texts } from "@/features/dialogs/texts.tsx";
import { useWords } from "@/lib/language.tsx";
import { useTitle } from "@/lib/title.ts";
import { useView } from "@/lib/use-view.ts";
import { BackLink } from "@/ui/back-link.tsx";

const ID = /^[\da-f]{8}(-?[\da-f]{4}){3}-?[\da-f]{12}$/i;

export function DialogPage() {
  const { dialogId } = useParams({ strict: false });
  if (!dialogId || !ID.test(dialogId)) return <MissingDialog />;
  return <Dialog key={dialogId} id={dialogId} />;
}

/** The texts are shown for a reason, which is forgotten with this component. */
function Dialog({ id }: { id: string }) {
  const [view] = useView();
  const known = useKnown(id);
  const [reason, setReason] = useState<string | null>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const query = useInfiniteQuery(textsQuery(id, reason));
  if (query.error instanceof Problem && query.error.kind === "missing") return <MissingDialog />;
  const opened = query.data?.pages.at(-1)?.dialog;
  const dialog = opened ?? known?.dialog;
  const zone = view.tz ?? known?.zone ?? ZONE_UNKNOWN;
  return (
    <>
      <Heading dialog={dialog} />
      {dialog && <DialogFacts dialog={dialog} isWhole={opened !== undefined} zone={zone} />}
      {reason === null ? (
        <ReasonForm
          isAgain={wasOpened}
          onOpen={(given) => {
            setReason(given);
            setWasOpened(true);
          }}
        />
      ) : (
        <Texts query={query} reason={reason} zone={zone} onClose={() => setReason(null)} />
      )}
    </>
  );
}

/** All but the texts, from the list that led here. */
function useKnown(id: string): Known | null {
  const cache = useQueryClient().getQueryCache();
  const [known] = useState(() =>
    knownOf(
      id,
      cache.getAll().map((query) => query.state.data),
    ),
  );
  return known;
}

function Heading({ dialog }: { dialog: DialogRow | undefined }) {
  const words = useWords(DIALOG_WORDS);
  useTitle(dialog ? `${words.of} ${dialog.pseudonym}` : words.title);
  return (
    <div>
      <BackLink to="/dialogs">{words.back}</BackLink>
      <h1 className="line-clamp-2 [overflow-wrap:anywhere] text-xl font-semibold">
        {dialog ? (
          <>
            {words.of} <PersonLink id={dialog.user_id} pseudonym={dialog.pseudonym} />
          </>
        ) : (
          words.title
        )}
      </h1>
    </div>
  );
}
