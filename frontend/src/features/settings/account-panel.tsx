import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import type { Me } from "@/api/types.ts";
import { ACCOUNT } from "@/features/settings/words.ts";
import { useWords } from "@/lib/language.tsx";
import { signOut } from "@/lib/session.ts";
import { useAction } from "@/lib/use-action.ts";
import { Button } from "@/ui/button.tsx";
import { Name } from "@/ui/name.tsx";
import { Sheet } from "@/ui/panel.tsx";
import { Refusal } from "@/ui/refusal.tsx";

export function AccountPanel({ me }: { me: Me }) {
  const words = useWords(ACCOUNT);
  const client = useQueryClient();
  const router = useRouter();
  const leaving = useAction(() => signOut(client, router));
  const role = words.roles[me.role];
  return (
    <Sheet
      title={words.title}
      actions={
        <Button aria-disabled={leaving.isRunning} onClick={() => void leaving.run()}>
          <LogOut size={15} aria-hidden /> {words.signOut}
        </Button>
      }
    >
      {leaving.problem && <Refusal problem={leaving.problem} />}
      <div className="flex items-center gap-3">
        <span
          aria-hidden
          className="flex size-11 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent uppercase"
        >
          {me.name.slice(0, 2)}
        </span>
        <p className="min-w-0">
          <span className="sr-only">{words.signedInAs} </span>
          <Name className="block break-words font-semibold">{me.name}</Name>
          <span className="block text-sm text-ink-soft">
            {role.name}: {role.may}
          </span>
        </p>
      </div>
    </Sheet>
  );
}
