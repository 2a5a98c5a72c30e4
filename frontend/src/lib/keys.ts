import { useEffect } from "react";
import { keep, kept } from "@/lib/kept.ts";

/** What keys do: `d`, `?`, `Escape`, or two after each other as in `g o`. */
export type Keys = Record<string, () => void>;

const PATIENCE_MS = 1500;
/** What lies above the page takes the keys that it is given. */
const ABOVE = "dialog[open], [data-popover-open]";

const layers = new Set<Keys>();
let prefix = "";
let pressedAt = 0;

/** Single keys that act on the whole page; not while somebody writes, nor below a modal. */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    if (layers.size === 0) addEventListener("keydown", press);
    layers.add(keys);
    return () => {
      layers.delete(keys);
      if (layers.size === 0) removeEventListener("keydown", press);
    };
  }, [keys]);
}

/** Those who speak to their computer can do without single keys. */
export function areKeysOn(): boolean {
  return kept("keys") !== "off";
}

export function turnKeys(isOn: boolean): void {
  keep("keys", isOn ? null : "off");
}

/** A key by what is printed on it in Latin, so that D is D on a Russian keyboard, too. */
export function keyOf(event: Pick<KeyboardEvent, "key" | "code">): string {
  if (event.key.length > 1 || /[!-~]/.test(event.key)) return lower(event.key);
  return LATIN[event.code] ?? lower(event.code.replace(/^Key/, ""));
}

const LATIN: Record<string, string> = { BracketLeft: "[", BracketRight: "]" };

function press(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented)
    return;
  if (isTaken(event.target)) return;
  const act = actOf(keyOf(event), event.timeStamp);
  if (!act) return;
  event.preventDefault();
  act();
}

function actOf(key: string, now: number): (() => void) | undefined {
  const isSecond = prefix !== "" && now - pressedAt < PATIENCE_MS;
  const name = isSecond ? `${prefix} ${key}` : key;
  prefix = "";
  if (key !== "Escape" && !areKeysOn()) return undefined;
  if (!isSecond && isFirst(key)) {
    prefix = key;
    pressedAt = now;
    return () => {};
  }
  return [...layers].reverse().find((keys) => Object.hasOwn(keys, name))?.[name];
}

function isFirst(key: string): boolean {
  return [...layers].some((keys) => Object.keys(keys).some((name) => name.startsWith(`${key} `)));
}

function isTaken(target: EventTarget | null): boolean {
  const isWriting =
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
  return Boolean(isWriting) || document.querySelector(ABOVE) !== null;
}

function lower(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key;
}
