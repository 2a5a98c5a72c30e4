import dictionary from "@/api/dictionary.json";
import type { components, paths } from "@/api/schema.d.ts";

type Schemas = components["schemas"];

export type Overview = Schemas["Overview"];
export type Series = Schemas["Series"];
export type Bucket = Schemas["Bucket"];
export type Breakdown = Schemas["Breakdown"];
export type Retention = Schemas["Retention"];
export type UserRow = Schemas["UserBody"];
export type Person = Schemas["PersonBody"];
export type DialogRow = Schemas["DialogBody"];
export type OpenedDialog = Schemas["OpenedDialog"];
export type Turn = Schemas["TurnBody"];
export type Window = Schemas["WindowBody"];
export type Values = Schemas["Values"];
export type Me = Schemas["Me"];

/** A metric's name; what it means is in DICTIONARY, both generated from the API. */
export type Slug = keyof Values;
export type Unit = Schemas["Unit"];
export type Metric = Schemas["MetricBody"];
export type Dimension = paths["/api/v1/stats/breakdown"]["get"]["parameters"]["query"]["by"];

export const DICTIONARY = dictionary as Record<Slug, Metric>;
