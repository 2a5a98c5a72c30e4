/** A browser and a system, as a User-Agent header gives them away. */
export type Agent = { program: string | null; system: string | null };

const PROGRAMS: [RegExp, string][] = [
  [/Edg(?:A|iOS)?\/(\d+)/, "Edge"],
  [/OPR\/(\d+)/, "Opera"],
  [/YaBrowser\/(\d+)/, "Yandex Browser"],
  [/SamsungBrowser\/(\d+)/, "Samsung Internet"],
  [/(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/(?:Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/, "Safari"],
];

const SYSTEMS: [RegExp, string][] = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux|X11/, "Linux"],
];

/** A program that is no browser gives its own name first. */
export function prepareAgent(agent: string | null): Agent {
  if (!agent) return { program: null, system: null };
  const system = SYSTEMS.find(([sign]) => sign.test(agent))?.[1] ?? null;
  for (const [sign, name] of PROGRAMS) {
    const found = sign.exec(agent);
    if (found) return { program: `${name} ${found[1]}`, system };
  }
  return { program: agent.split(/[\s(]/)[0]?.replace("/", " ") || null, system };
}
