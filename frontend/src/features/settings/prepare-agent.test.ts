import { expect, it } from "vitest";
import { prepareAgent } from "@/features/settings/prepare-agent.ts";

const MOZILLA = "Mozilla/5.0";
const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

it.each([
  [`${MOZILLA} (X11; Linux x86_64; rv:149.0) Gecko/20100101 Firefox/149.0`, "Firefox 149", "Linux"],
  [`${MOZILLA} (Windows NT 10.0) ${KIT} Chrome/156.0.0.0 Safari/537.36`, "Chrome 156", "Windows"],
  [
    `${MOZILLA} (Windows NT 10.0) ${KIT} Chrome/156.0.0.0 Safari/537.36 Edg/156.0`,
    "Edge 156",
    "Windows",
  ],
  [
    `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`,
    "Safari 26",
    "macOS",
  ],
  [
    `${MOZILLA} (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1`,
    "Safari 26",
    "iPhone",
  ],
  [
    `${MOZILLA} (Linux; Android 16; SM-S931B) ${KIT} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`,
    "Samsung Internet 29",
    "Android",
  ],
  [
    `${MOZILLA} (X11; Linux x86_64) ${KIT} Chrome/142.0 YaBrowser/26.1.0 Safari/537.36`,
    "Yandex Browser 26",
    "Linux",
  ],
  ["curl/8.14.1", "curl 8.14.1", null],
  ["(nothing)", null, null],
  [null, null, null],
])("%s", (agent, program, system) => {
  expect(prepareAgent(agent)).toEqual({ program, system });
});
