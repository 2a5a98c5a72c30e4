/** A sentence of ours in which `commands` stand between backticks. */
export function WithCode({ children }: { children: string }) {
  return children.split("`").map((part, place) =>
    place % 2 === 0 ? (
      part
    ) : (
      <code
        key={`${place}-${part}`}
        className="rounded bg-ink/8 px-1 py-px text-[0.9em] text-ink [overflow-wrap:anywhere]"
      >
        {part}
      </code>
    ),
  );
}
