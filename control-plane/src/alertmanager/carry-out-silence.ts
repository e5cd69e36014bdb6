import { DowntimeInput } from "@mycloud/protocol/downtime";
import type { AuditLog } from "../audit/index.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { cancelDowntime, findDowntime, insertDowntime } from "../downtime/store.ts";
import { InputError } from "../error/index.ts";
import { type Operator, userIdOf } from "../operation/operator.ts";
import type { Cover } from "./plan-cover.ts";
import { findDowntimesOf, type KnownSilence, linkDowntime, retireDowntime } from "./silence-store.ts";

/** Makes the downtimes that are missing and cancels those that are too many; true when there were any. */
export async function carryOut(
  tx: Executor,
  audit: AuditLog,
  operator: Operator,
  silence: KnownSilence,
  cover: Cover,
  nowMs: number,
): Promise<boolean> {
  const wanted = new Map(cover.selectors.map((selector) => [JSON.stringify(selector), selector]));
  let hasChanged = false;
  for (const { downtimeId, selectorJson } of await findDowntimesOf(tx, silence.id)) {
    if (wanted.delete(selectorJson)) continue;
    hasChanged = true;
    await retireDowntime(tx, downtimeId);
    await cancelDowntime(tx, downtimeId, nowMs);
  }
  for (const selector of wanted.values()) {
    hasChanged = true;
    const { authorName, ...input } = downtimeInput(silence, selector, nowMs, silence.authorName);
    const by = { authorName, customer: silence.customer, userId: userIdOf(operator) };
    const id = await insertDowntime(tx, input, by, nowMs);
    await linkDowntime(tx, silence.id, id);
    const after = await findDowntime(tx, { kind: "all" }, id, nowMs);
    const record = { actor: operator.actor, resourceKind: "downtime", resourceId: id, resourceName: input.comment };
    await audit.record(tx, { ...record, action: "downtime.create", after });
  }
  return hasChanged;
}

/** A silence as a downtime's input. Throws InputError with what a downtime does not take. */
export function downtimeInput(silence: KnownSilence, selector: object, nowMs: number, authorName: string) {
  const parsed = DowntimeInput.safeParse({
    selector,
    startAtMs: silence.downtimeId === null ? Math.max(silence.startAtMs, nowMs) : silence.startAtMs,
    endAtMs: silence.endAtMs,
    comment: silence.comment === "" ? "silence without a comment" : silence.comment,
  });
  if (parsed.success) return { ...parsed.data, authorName };
  throw new InputError(parsed.error.issues.map(({ message }) => message).join("; "));
}
