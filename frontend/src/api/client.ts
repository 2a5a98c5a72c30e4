import createClient from "openapi-fetch";
import { isNamed, Problem, problemOf, problemThrown } from "@/api/problem.ts";
import type { paths } from "@/api/schema.d.ts";
import { noteDate } from "@/lib/server-clock.ts";

const PATIENCE_MS = 20_000;

/** Without the header a browser would ask for the password in a window of its own. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  headers: { "X-Requested-With": "fetch" },
  querySerializer: { array: { style: "form", explode: true } },
  fetch: ask,
});

/** The body of a good answer; throws Problem otherwise, and whatever ended `signal`. */
export async function answer<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let found: Awaited<typeof asked>;
  try {
    found = await asked;
  } catch (error) {
    if (isNamed(error, "AbortError")) throw error;
    throw problemThrown(error);
  }
  if (!found.response.ok) throw problemOf(found.response, found.error);
  if (found.data === undefined && found.response.status !== 204) throw new Problem("incomplete");
  return found.data as T;
}

async function ask(request: Request): Promise<Response> {
  const response = await fetch(request, { signal: patient(request.signal) });
  noteDate(response.headers.get("date"));
  return response;
}

function patient(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
}
