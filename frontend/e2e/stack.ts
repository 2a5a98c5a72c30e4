import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CHROMIUM, NO_CHROMIUM } from "./chromium.ts";

/** Starts `make demo`'s own program on free ports, with hostile words in every stored field. */

const REPOSITORY = resolve(import.meta.dirname, "../..");
const PYTHON = join(REPOSITORY, ".venv/bin/python");
const PATIENCE_MS = 120_000;
const UP = /dashboard\s+(\S+)/;
const SIGN_IN = /sign in\s+(\S+) \/ (\S+)/;

export const ADMIN_TOKEN = "e2e-3f1c8a5d9b7e42608c1d5f7a9e3b6c20";

export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (!CHROMIUM) {
    process.stdout.write(`Browser tests are skipped: ${NO_CHROMIUM}.\n`);
    return undefined;
  }
  const data = mkdtempSync(join(tmpdir(), "parley-e2e-"));
  const variables = await environment(data);
  const demo = spawn(PYTHON, ["-m", "local", "demo"], {
    cwd: data,
    env: variables,
    detached: true,
  });
  const stop = () => end(demo, data);
  try {
    const said = await summaryOf(demo);
    const [, name, password] = SIGN_IN.exec(said) ?? [];
    const [, address] = UP.exec(said) ?? [];
    if (!name || !password || !address)
      throw new Error(`No address or account was printed:\n${said}`);
    process.env.BASE = new URL(address).origin;
    process.env.NAME = name;
    process.env.PASSWORD = password;
    if (!process.env.PICTURES) makeHostile(variables);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function environment(data: string): Promise<NodeJS.ProcessEnv> {
  const names = ["API_PORT", "BOT_PORT", "METRICS_PORT", "SIMULATOR_PORT", "PARLEY_PG_PORT"];
  const ports = await Promise.all(names.map(freePort));
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PARLEY_DATA: data,
    STATS_API_RATE_LIMIT: "100000/minute",
    ADMIN_REGISTRATION_TOKEN: ADMIN_TOKEN,
    ...Object.fromEntries(names.map((name, place) => [name, String(ports[place])])),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** What it prints until it is up. */
function summaryOf(demo: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (/stop\s+Ctrl-C/.test(said)) resolve(said);
    };
    demo.stdout?.on("data", hear);
    demo.stderr?.on("data", hear);
    demo.on("exit", (code) => reject(new Error(`The demo ended with ${code}:\n${said}`)));
    setTimeout(() => reject(new Error(`The demo is not up:\n${said}`)), PATIENCE_MS).unref();
  });
}

function makeHostile(variables: NodeJS.ProcessEnv): void {
  const database = `postgresql+asyncpg://postgres@127.0.0.1:${variables.PARLEY_PG_PORT}/parley`;
  const env = { ...variables, DATABASE_URL: database };
  execFileSync(PYTHON, [join(import.meta.dirname, "hostile.py")], { env, stdio: "inherit" });
}

async function end(demo: ChildProcess, data: string): Promise<void> {
  if (demo.exitCode === null) {
    const gone = once(demo, "exit");
    demo.kill("SIGTERM");
    await gone;
  }
  rmSync(data, { recursive: true, force: true });
}
