import type { HostInput } from "@mycloud/protocol/host";
import type { Executor } from "../database/dialect/dialect.ts";
import { refuseCircles } from "../definition/refuse-circles.ts";
import { InputError } from "../error/index.ts";
import { findProberFaults } from "../prober/find-prober-faults.ts";
import type { Scope } from "../scope/index.ts";

/**
 * Throws InputError when a host names parents, probers or a check period that do not exist (or are not for whoever writes), is reached through or probed
 * by itself, or is probed by another customer's host. Call in the transaction that wrote it, after the writing.
 */
export async function refuseWrongParents(
  tx: Executor,
  scope: Scope,
  input: Pick<HostInput, "name" | "customer" | "parents" | "probers" | "checkPeriod">,
): Promise<void> {
  const issues = [];
  const names = [...new Set([...input.parents, ...input.probers])];
  if (names.length > 0) {
    const hosts = tx.selectFrom("host").select(["name", "customer"]).where("name", "in", names);
    const rows = await (scope.kind === "all" ? hosts : hosts.where("customer", "=", scope.customer)).execute();
    const known = new Map(rows.map((row) => [row.name, row.customer]));
    for (const field of ["parents", "probers"] as const) {
      for (const name of input[field]) {
        if (!known.has(name))
          issues.push({ field, value: JSON.stringify(name), message: "there is no host of this name" });
      }
    }
    for (const { name, message } of findProberFaults(input, (prober) => known.get(prober))) {
      issues.push({ field: "probers", value: JSON.stringify(name), message });
    }
  }
  if (input.checkPeriod !== null) {
    const periods = tx.selectFrom("definition").select("id").where("kind", "=", "TimePeriod");
    if ((await periods.where("name", "=", input.checkPeriod).executeTakeFirst()) === undefined) {
      const value = JSON.stringify(input.checkPeriod);
      issues.push({ field: "checkPeriod", value, message: "there is no time period of this name" });
    }
  }
  const [first] = issues;
  if (first !== undefined) throw new InputError(`${first.field} is ${first.value}; ${first.message}`, issues);
  if (input.parents.length > 0) await refuseCircles(tx, new Set(["Host"]));
}
