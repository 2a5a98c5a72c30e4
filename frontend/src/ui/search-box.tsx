import { Search } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";

const STOPPED_TYPING_MS = 350;

/** What is sought goes to `onSeek` when the typing stops, or at once by Enter. */
export function SearchBox({
  label,
  placeholder,
  sought,
  maxLength,
  onSeek,
}: {
  label: string;
  placeholder: string;
  sought: string;
  maxLength: number;
  onSeek: (sought: string) => void;
}) {
  const id = useId();
  const [text, seek, type] = useTyped(sought, onSeek);
  return (
    <search className="min-w-0">
      <form
        className="relative"
        onSubmit={(event) => {
          event.preventDefault();
          seek();
        }}
      >
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
        <Search
          size={15}
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint"
        />
        <input
          id={id}
          type="search"
          value={text}
          maxLength={maxLength}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => type(event.target.value)}
          className="min-h-8 w-full min-w-0 rounded-lg border border-line-strong bg-sheet py-1 pr-2 pl-8 text-sm placeholder:text-ink-faint sm:w-64"
        />
      </form>
    </search>
  );
}

/** The text in the box; an address that changes from outside is written into it. */
function useTyped(sought: string, onSeek: (sought: string) => void) {
  const [text, setText] = useState(sought);
  const told = useRef(sought);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const seek = useRef(onSeek);
  seek.current = onSeek;
  useEffect(() => {
    if (sought === told.current) return;
    told.current = sought;
    clearTimeout(timer.current);
    setText(sought);
  }, [sought]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const tell = (words: string) => {
    if (words === told.current) return;
    told.current = words;
    seek.current(words);
  };
  const type = (typed: string) => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(typed.trim()), STOPPED_TYPING_MS);
  };
  const now = () => {
    clearTimeout(timer.current);
    tell(text.trim());
  };
  return [text, now, type] as const;
}
