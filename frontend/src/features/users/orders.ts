/** By what people can be listed, the largest first; the first is usual. */
export const ORDERS = ["questions", "answers", "tokens", "cost"] as const;
export type Order = (typeof ORDERS)[number];
