import type { Logger } from "../logger/index.ts";
import type { Spool } from "../spool/index.ts";
import type { ControlPlane, Failure } from "../transport/index.ts";

/** What delivery needs from outside. */
export interface DeliveryOptions {
  readonly spool: Pick<Spool, "oldest" | "remove" | "reject">;
  readonly controlPlane: Pick<ControlPlane, "sendResults">;
  readonly logger: Logger;
}

/**
 * Sends the oldest batch. "again": it has left the spool, delivered or set aside; "idle": there was none; else why it stays.
 * A batch leaves only after the server's answer, so one may be sent twice but none is lost.
 */
export async function deliverOldest(options: DeliveryOptions): Promise<"again" | "idle" | Failure> {
  const { spool, controlPlane, logger } = options;
  const batch = await spool.oldest();
  if (batch === undefined) return "idle";
  const outcome = await controlPlane.sendResults(batch);
  if (outcome.kind === "ok") {
    const { dropped } = outcome.value;
    if (dropped > 0) logger.info({ dropped }, "the control plane dropped results of services that are gone");
    await spool.remove(batch.batchId);
    return "again";
  }
  if (outcome.kind === "invalid") {
    await spool.reject(batch.batchId, outcome.message);
    return "again";
  }
  return outcome;
}
