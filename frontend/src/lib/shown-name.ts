/** Separators, control and format characters, what a font may leave out, and Braille's blank. */
const UNSEEN = /^[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]+$/u;
const MOST = 4;

/** A stored name as it is; one of which nothing would be seen, by its code points: "U+200B U+FEFF". */
export function shownName(name: string): string {
  if (!UNSEEN.test(name)) return name;
  const points = Array.from(name, codePoint);
  const more = points.length - MOST;
  return [...points.slice(0, MOST), ...(more > 0 ? [`+${more}`] : [])].join(" ");
}

function codePoint(letter: string): string {
  const number = letter.codePointAt(0) ?? 0;
  return `U+${number.toString(16).toUpperCase().padStart(4, "0")}`;
}
