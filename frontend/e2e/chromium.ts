import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The system's browser: Playwright's own would have to be downloaded from outside of the locks. */
export const CHROMIUM = [process.env.CHROMIUM ?? "", ...PLACES].find((path) => existsSync(path));

export const NO_CHROMIUM = "no Chromium was found: install your system's `chromium` package";
