import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import type { components } from "@/api/schema.d.ts";

export type Account = components["schemas"]["User"];
export type Session = components["schemas"]["SessionShown"];
export type AccountChange = components["schemas"]["UserChange"];

export const sessionsQuery = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: async ({ signal }) =>
    (await answer(api.GET("/api/v1/auth/sessions", { signal }))).sessions,
});

/** For admins. */
export const accountsQuery = queryOptions({
  queryKey: ["account", "all"],
  queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/auth/users", { signal }))).users,
});

export async function endSession(id: string): Promise<void> {
  const params = { path: { session_id: id } };
  await answer(api.DELETE("/api/v1/auth/sessions/{session_id}", { params }));
}

export async function changeAccount(name: string, body: AccountChange): Promise<void> {
  const params = { path: { name } };
  await answer(api.PATCH("/api/v1/auth/users/{name}", { params, body }));
}

export async function changePassword(current: string, chosen: string): Promise<void> {
  await answer(api.POST("/api/v1/auth/password", { body: { current, new: chosen } }));
}
