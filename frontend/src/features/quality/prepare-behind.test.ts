import { describe, expect, it } from "vitest";
import { dialogsBehind, dialogsInBucket, dialogsInRow } from "@/features/quality/prepare-behind.ts";

const VIEW = { period: "month", tz: "UTC" } as const;
const BUCKET = { start: "2026-11-20T00:00:00Z", end: "2026-11-21T00:00:00Z", is_partial: false };

describe("dialogs behind a number", () => {
  it.each([
    ["questions", { questions: 356 }, {}],
    ["likes", { likes: 20 }, { having: "liked" }],
    ["dislikes", { dislikes: 4 }, { having: "disliked" }],
    ["edited", { edited: 6 }, { having: "edited" }],
    ["stopped", { stopped: 12 }, { having: "stopped" }],
    ["stopped_rate", { stopped_rate: 0.03 }, { having: "stopped" }],
    ["failed", { failed: 5 }, { having: "failed" }],
    ["error_rate", { error_rate: 0.014 }, { having: "failed" }],
    ["partial", { partial: 1 }, { having: "partial" }],
    ["declined", { declined: 3 }, { having: "declined" }],
    ["declined_rate", { declined_rate: 0.01 }, { having: "declined" }],
    ["delivery_unknown", { delivery_unknown: 2 }, { having: "delivery_unknown" }],
    ["feedback_score", { feedback_score: 0.8, likes: 8, dislikes: 2 }, { having: "disliked" }],
    ["feedback_score", { feedback_score: 0, likes: 0, dislikes: 2 }, { having: "disliked" }],
    ["feedback_score", { feedback_score: 1, likes: 8, dislikes: 0 }, { having: "liked" }],
  ] as const)("of %s %j are those %j", (slug, values, more) => {
    expect(dialogsBehind(slug, values, VIEW)).toEqual({
      to: "/dialogs",
      search: { ...VIEW, ...more },
    });
  });

  it.each([
    ["likes", { likes: 0 }],
    ["feedback_score", { feedback_score: null, likes: 0, dislikes: 0 }],
    ["declined", {}],
    ["undeliverable", { undeliverable: 3 }],
  ] as const)("of %s %j are none", (slug, values) => {
    expect(dialogsBehind(slug, values, VIEW)).toBeUndefined();
  });
});

describe("dialogs behind a bucket", () => {
  it.each([
    ["stopped", "stopped"],
    ["feedback_score", "disliked"],
  ] as const)("of %s are %s in its time", (slug, having) => {
    const { start: from, end: to } = BUCKET;
    const search = { tz: "UTC", from, to, having };
    expect(dialogsInBucket(slug, VIEW, BUCKET)).toEqual({ to: "/dialogs", search });
  });

  it("are not known of what cannot be listed", () => {
    expect(dialogsInBucket("undeliverable", VIEW, BUCKET)).toBeUndefined();
  });
});

describe("dialogs behind a row", () => {
  const values = { likes: 3 };
  it.each([
    ["model", "a/b", { having: "liked", model: "a/b" }],
    ["outcome", "answered", { having: "liked", outcome: "answered" }],
    ["language", "de", { having: "liked" }],
    ["language", "", { having: "liked" }],
    ["kind", "photo", { having: "liked" }],
  ] as const)("by %s %s are narrowed as far as can be", (by, key, more) => {
    const target = dialogsInRow("likes", VIEW, { by, key, values });
    expect(target?.search).toEqual({ ...VIEW, ...more });
  });

  it("that has no model cannot be asked for", () => {
    expect(dialogsInRow("likes", VIEW, { by: "model", key: "", values })).toBeUndefined();
  });
});
