import { useState } from "react";
import { AccountPanel } from "@/features/settings/account-panel.tsx";
import { KeptPanel } from "@/features/settings/kept-panel.tsx";
import { LooksPanel } from "@/features/settings/looks-panel.tsx";
import { PasswordPanel } from "@/features/settings/password-panel.tsx";
import { PeoplePanel } from "@/features/settings/people-panel.tsx";
import { SessionsPanel } from "@/features/settings/sessions-panel.tsx";
import { areKeysOn, turnKeys } from "@/lib/keys.ts";
import { useWords } from "@/lib/language.tsx";
import { useMe } from "@/lib/session.ts";
import { useView } from "@/lib/use-view.ts";

const WORDS = { en: { title: "Settings" }, ru: { title: "Настройки" } };

export function SettingsPage() {
  const words = useWords(WORDS);
  const me = useMe();
  const [{ tz = "UTC" }] = useView();
  const [hasKeys, setKeys] = useState(areKeysOn);
  const onKeys = (isOn: boolean) => {
    turnKeys(isOn);
    setKeys(isOn);
  };
  return (
    <>
      <h1 className="text-xl font-semibold">{words.title}</h1>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="grid gap-4">
          {me && <AccountPanel me={me} />}
          {me && <PasswordPanel account={me.name} />}
          <LooksPanel hasKeys={hasKeys} onKeys={onKeys} />
        </div>
        <div className="grid gap-4">
          <SessionsPanel zone={tz} />
          {me?.role === "admin" && <PeoplePanel me={me.name} zone={tz} />}
          <KeptPanel hasKeys={hasKeys} onForget={() => onKeys(true)} />
        </div>
      </div>
    </>
  );
}
