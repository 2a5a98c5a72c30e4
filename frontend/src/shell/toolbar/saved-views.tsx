import { useRouter } from "@tanstack/react-router";
import { Bookmark, Link2, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useWords, type Words } from "@/lib/language.tsx";
import { forgetView, LONGEST_NAME, saveView, useSavedViews } from "@/lib/saved-views.ts";
import { shownName } from "@/lib/shown-name.ts";
import { announce } from "@/shell/announce.tsx";
import { shareLink } from "@/shell/share-link.ts";
import { Button, buttonClass, IconButton } from "@/ui/button.tsx";
import { Field } from "@/ui/field.tsx";
import { Name } from "@/ui/name.tsx";
import { Popover } from "@/ui/popover.tsx";

/** Views with a name, and the address of the shown one. */
export function SavedViews() {
  const words = useWords(SAVED_WORDS);
  return (
    <Popover
      trigger={<Bookmark size={17} aria-hidden />}
      label={words.title}
      triggerClass={`${buttonClass("quiet")} min-w-8 px-1.5 text-ink-soft hover:text-ink`}
      sheetLabel={words.title}
      sheetClass="w-80"
    >
      {(close) => (
        <div className="space-y-3">
          <List onChoose={close} />
          <SaveForm onSaved={close} />
          <Button className="w-full" onClick={() => void shareLink(words).then(close)}>
            <Link2 size={15} aria-hidden /> {words.copy}
          </Button>
        </div>
      )}
    </Popover>
  );
}

function List({ onChoose }: { onChoose: () => void }) {
  const words = useWords(SAVED_WORDS);
  const views = useSavedViews();
  const { history } = useRouter();
  if (views.length === 0) return <p className="text-ink-soft">{words.none}</p>;
  return (
    <ul className="max-h-64 overflow-y-auto" aria-label={words.title}>
      {views.map(({ name, address }) => (
        <li key={name} className="flex items-center gap-1">
          <button
            type="button"
            title={address}
            onClick={() => {
              history.push(address);
              onChoose();
            }}
            className="min-h-8 min-w-0 flex-1 truncate rounded-lg px-2 py-1 text-left hover:bg-well"
          >
            <Name>{name}</Name>
          </button>
          <IconButton label={words.forget(shownName(name))} onClick={() => forgetView(name)}>
            <Trash2 size={15} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function SaveForm({ onSaved }: { onSaved: () => void }) {
  const words = useWords(SAVED_WORDS);
  const router = useRouter();
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    saveView(name, router.state.location.href);
    announce(words.saved(shownName(name.trim())));
    onSaved();
  };
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <Field
        label={words.name}
        value={name}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        data-autofocus=""
        onChange={(event) => setName(event.target.value)}
        className="flex-1"
      />
      <Button type="submit" className="mb-1">
        {words.save}
      </Button>
    </form>
  );
}

type Said = {
  title: string;
  none: string;
  name: string;
  save: string;
  saved: (name: string) => string;
  forget: (name: string) => string;
  copy: string;
  copied: string;
  byHand: string;
};

export const SAVED_WORDS: Words<Said> = {
  en: {
    title: "Saved views",
    none: "A view that you come back to can be kept here, in this browser.",
    name: "Name of the shown view",
    save: "Save",
    saved: (name) => `Saved as “${name}”`,
    forget: (name) => `Forget “${name}”`,
    copy: "Copy link to this view",
    copied: "Link copied",
    byHand: "The link is in the address bar: copy it from there",
  },
  ru: {
    title: "Сохранённые виды",
    none: "Вид, к которому вы возвращаетесь, можно сохранить здесь, в этом браузере.",
    name: "Название показанного вида",
    save: "Сохранить",
    saved: (name) => `Сохранено как «${name}»`,
    forget: (name) => `Забыть «${name}»`,
    copy: "Скопировать ссылку на этот вид",
    copied: "Ссылка скопирована",
    byHand: "Ссылка в адресной строке: скопируйте её оттуда",
  },
};
