import type { LogCondition } from "@mycloud/protocol/log-query";
import type { Scope } from "../scope/index.ts";

/**
 * Asks for the records of one host. Its name alone is not enough: a customer's sender may name any host, and those records are the customer's. So a host
 * that is no customer's has only records that are no customer's. Pure.
 */
export function recordsOfHost({
  hostName,
  customer,
}: {
  readonly hostName: string;
  readonly customer: string | null;
}): { readonly condition: LogCondition; readonly scope: Scope } {
  const named: LogCondition = { kind: "field", field: "host", parts: [hostName] };
  if (customer !== null) return { condition: named, scope: { kind: "customer", customer } };
  const ofSomebody: LogCondition = { kind: "field", field: "customer", parts: ["", ""] };
  return { condition: { kind: "and", of: [named, { kind: "not", of: ofSomebody }] }, scope: { kind: "all" } };
}
