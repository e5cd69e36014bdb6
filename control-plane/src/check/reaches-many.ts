import type { Check, CheckInput } from "@mycloud/protocol/check";
import { exactHosts } from "@mycloud/protocol/selector";
import type { Executor } from "../database/dialect/dialect.ts";
import { reachesServices } from "./store.ts";

/** So many services change in one transaction in the time that results may wait. */
const mostAtOnce = 500;

/**
 * Whether writing or deleting (`after` null) one check may change more services than one transaction should: those it has, and those of all hosts that
 * it could match, which is not worked out here.
 */
export async function reachesMany(
  executor: Executor,
  before: Check | null,
  after: CheckInput | null,
): Promise<boolean> {
  if (before !== null && after !== null && !reachesServices(before, after)) return false;
  if ((before?.serviceCount ?? 0) > mostAtOnce) return true;
  if (after === null) return false;
  const named = exactHosts(after.selector);
  if (named !== null) return named.length > mostAtOnce;
  const beyond = executor.selectFrom("host").select("id").offset(mostAtOnce).limit(1);
  return (await beyond.executeTakeFirst()) !== undefined;
}
