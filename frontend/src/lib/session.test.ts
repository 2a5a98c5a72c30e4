import { QueryClient } from "@tanstack/react-query";
import type { AnyRouter } from "@tanstack/react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { meQuery } from "@/api/queries.ts";
import { basic, COOKIE_LOST, signIn, signOut, signOutEverywhere } from "@/lib/session.ts";
import { FakeApi } from "@/testing/app.tsx";
import { refusal } from "@/testing/page.tsx";

let api: FakeApi;
let client: QueryClient;
const navigate = vi.fn();
const router = { navigate } as unknown as AnyRouter;

beforeEach(() => {
  api = new FakeApi();
  client = new QueryClient();
  navigate.mockReset();
});

it.each([
  ["ada", "correct horse", "Basic YWRhOmNvcnJlY3QgaG9yc2U="],
  ["ada", "пароль ☂", "Basic YWRhOtC/0LDRgNC+0LvRjCDimII="],
  ["ada", "a:b:c", "Basic YWRhOmE6Yjpj"],
])("writes %s and %s as RFC 7617 wants it", (name, password, header) => {
  expect(basic({ name, password })).toBe(header);
});

it("knows who is in after signing in, and nothing of who was before", async () => {
  client.setQueryData(["stats", "of somebody else"], 7);
  await signIn(client, { name: "ada", password: "correct horse battery" });
  expect(client.getQueryData(meQuery.queryKey)).toMatchObject({ name: "ada" });
  expect(client.getQueryData(["stats", "of somebody else"])).toBeUndefined();
});

it("tells a cookie that the browser did not take", async () => {
  api.on("GET /api/v1/auth/me", () => refusal(401, "not_authenticated"));
  const problem = await signIn(client, { name: "ada", password: "x" }).catch((error) => error);
  expect(problem).toMatchObject({ kind: "signed_out", code: COOKIE_LOST });
  expect(client.getQueryData(meQuery.queryKey)).toBeUndefined();
});

it("hands on every other trouble on the way", async () => {
  api.on("GET /api/v1/auth/me", () => refusal(503, "database_unreachable"));
  await expect(signIn(client, { name: "ada", password: "x" })).rejects.toMatchObject({
    code: "database_unreachable",
  });
});

it.each([
  ["this browser", signOut, "/api/v1/auth/session"],
  ["everywhere", signOutEverywhere, "/api/v1/auth/sessions"],
])("signs out %s, leaves the page and forgets what it showed", async (_, leave, path) => {
  api.on(`DELETE ${path}`, () => new Response(null, { status: 204 }));
  client.setQueryData(["stats"], 7);
  navigate.mockImplementation(() => expect(client.getQueryData(["stats"])).toBe(7));
  await leave(client, router);
  expect(navigate).toHaveBeenCalledWith({ to: "/sign-in" });
  expect(client.getQueryData(["stats"])).toBeUndefined();
  expect(client.getQueryData(meQuery.queryKey)).toBeNull();
});

it("is out as well when the session had ended before", async () => {
  api.on("DELETE /api/v1/auth/session", () => refusal(401, "not_authenticated"));
  await signOut(client, router);
  expect(navigate).toHaveBeenCalled();
});

it("stays in when the service cannot be reached", async () => {
  api.on("DELETE /api/v1/auth/session", () => {
    throw new TypeError("Failed to fetch");
  });
  await expect(signOut(client, router)).rejects.toMatchObject({ kind: "unreachable" });
  expect(navigate).not.toHaveBeenCalled();
});
