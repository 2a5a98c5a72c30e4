/** Why a question was not answered, in kinds that a page has a sentence for. */
export type ProblemKind =
  | "unreachable" // no answer came
  | "slow" // none came in time
  | "incomplete" // the answer broke off or is none of ours
  | "signed_out"
  | "forbidden"
  | "missing"
  | "refused" // the question is wrong; `detail` says why
  | "limited"
  | "broken"; // the server failed

const BY_STATUS: Record<number, ProblemKind> = {
  401: "signed_out",
  403: "forbidden",
  404: "missing",
  429: "limited",
};

export class Problem extends Error {
  override readonly name = "Problem";
  readonly kind: ProblemKind;
  readonly status: number | undefined;
  readonly code: string | undefined;
  /** The server's sentence for people. */
  readonly detail: string | undefined;
  readonly traceId: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(kind: ProblemKind, known: Partial<Omit<Problem, "kind" | "name">> = {}) {
    super(known.detail ?? kind);
    this.kind = kind;
    this.status = known.status;
    this.code = known.code;
    this.detail = known.detail;
    this.traceId = known.traceId;
    this.retryAfter = known.retryAfter;
  }

  /** Whether asking again, unchanged, may help. */
  get isPassing(): boolean {
    return ["unreachable", "slow", "incomplete", "limited", "broken"].includes(this.kind);
  }
}

/** Of an answer outside of 2xx; `body` is problem JSON if the API wrote it. */
export function problemOf(response: Response, body: unknown): Problem {
  const fields = isRecord(body) ? body : {};
  const { status } = response;
  return new Problem(BY_STATUS[status] ?? (status >= 500 ? "broken" : "refused"), {
    status,
    code: text(fields.code),
    detail: text(fields.detail),
    traceId: text(fields.trace_id) ?? response.headers.get("x-trace-id") ?? undefined,
    retryAfter: secondsOf(response.headers.get("retry-after")),
  } as Partial<Problem>);
}

/** Of what `fetch` or the reading of its answer has thrown. */
export function problemThrown(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isNamed(error, "TimeoutError")) return new Problem("slow");
  if (error instanceof SyntaxError) return new Problem("incomplete");
  return new Problem("unreachable");
}

export function isNamed(error: unknown, name: string): boolean {
  return isRecord(error) && error.name === name;
}

function secondsOf(header: string | null): number | undefined {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 3600) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
