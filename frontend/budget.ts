/** `node budget.ts`: the JavaScript of the first view, compressed, against what it may weigh. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

type Chunk = { file: string; imports?: string[]; dynamicImports?: string[] };

const LIMIT_KB = 250;
const FIRST_VIEW = ["index.html", "src/features/overview/overview-page.tsx"];

const manifest: Record<string, Chunk> = JSON.parse(
  readFileSync("dist/.vite/manifest.json", "utf8"),
);

function withImports(key: string, found: Set<string>): Set<string> {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`The build has no ${key}; is it still called so?`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) withImports(imported, found);
  return found;
}

const files = FIRST_VIEW.reduce((found, key) => withImports(key, found), new Set<string>());
const bytes = [...files].map((file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length);
const kilobytes = bytes.reduce((sum, one) => sum + one, 0) / 1000;
process.stdout.write(
  `First view: ${kilobytes.toFixed(1)} kB of JavaScript, compressed, in ${files.size} files; ${LIMIT_KB} kB are allowed.\n`,
);
if (kilobytes > LIMIT_KB) process.exit(1);
