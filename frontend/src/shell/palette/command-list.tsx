import clsx from "clsx";
import { useEffect, useRef } from "react";
import { useWords } from "@/lib/language.tsx";
import type { Command } from "@/shell/palette/commands.ts";
import { PALETTE_WORDS } from "@/shell/palette/words.ts";
import { Key } from "@/ui/key.tsx";
import { Name } from "@/ui/name.tsx";

type Props = {
  id: string;
  commands: Command[];
  chosen: number;
  isGrouped: boolean;
  onChoose: (place: number) => void;
  onRun: (command: Command) => void;
};

/** The commands as options; the focus stays where one types. */
export function CommandList({ id, commands, chosen, isGrouped, onChoose, onRun }: Props) {
  const words = useWords(PALETTE_WORDS);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-place="${chosen}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [chosen]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={words.title}
      className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2"
    >
      {commands.length === 0 && <p className="px-3 py-6 text-center text-ink-soft">{words.none}</p>}
      {commands.map((command, place) => (
        <div key={command.id} role="presentation">
          {isGrouped && command.group !== commands[place - 1]?.group && (
            <p role="presentation" className="px-3 pt-2 pb-1 text-xs font-medium text-ink-soft">
              {words.groups[command.group]}
            </p>
          )}
          <Option
            id={`${id}-${place}`}
            command={command}
            place={place}
            isChosen={place === chosen}
            onChoose={onChoose}
            onRun={onRun}
          />
        </div>
      ))}
    </div>
  );
}

function Option({
  id,
  command,
  place,
  isChosen,
  onChoose,
  onRun,
}: {
  id: string;
  command: Command;
  place: number;
  isChosen: boolean;
} & Pick<Props, "onChoose" | "onRun">) {
  const { icon: Icon, title, keys } = command;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are pressed in the box above, which names this option
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      data-place={place}
      tabIndex={-1}
      onPointerMove={() => isChosen || onChoose(place)}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => onRun(command)}
      className={clsx(
        "flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm",
        isChosen && "bg-well",
      )}
    >
      <Icon
        size={16}
        aria-hidden
        className={clsx("shrink-0", isChosen ? "text-accent" : "text-ink-soft")}
      />
      <Name className="min-w-0 flex-1 truncate">{title}</Name>
      {keys && (
        <span aria-hidden className="flex gap-1">
          {keys.split(" ").map((key) => (
            <Key key={key}>{key}</Key>
          ))}
        </span>
      )}
    </div>
  );
}
