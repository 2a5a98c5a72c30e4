import { defineConfig } from "@playwright/test";
import { CHROMIUM } from "./chromium.ts";

export default defineConfig({
  testDir: ".",
  outputDir: "test-results",
  globalSetup: "./stack.ts",
  testMatch: process.env.PICTURES ? "pictures.ts" : "*.spec.ts",
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.BASE ?? "", // workers read this file again when the stack is up
    headless: true,
    locale: "en-US",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    launchOptions: {
      ...(CHROMIUM ? { executablePath: CHROMIUM } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
