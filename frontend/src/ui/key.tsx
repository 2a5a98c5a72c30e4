/** A key of the keyboard, as it is printed there. */
export function Key({ children }: { children: string }) {
  return (
    <kbd className="rounded border border-line bg-well px-1.5 py-0.5 font-sans text-[0.7rem] leading-none whitespace-nowrap text-ink-soft">
      {children}
    </kbd>
  );
}
