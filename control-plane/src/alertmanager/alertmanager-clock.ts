import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { AlertIntake } from "./accept-alerts.ts";
import { deleteResolved, shiftEnds } from "./alert-store.ts";

export interface AlertClockDependencies {
  readonly database: ConnectedDatabase;
  readonly intake: Pick<AlertIntake, "settleDue">;
  readonly resolveTimeoutMs: number;
  readonly now: () => number;
}

const setting = "alert_heartbeat_at_ms";
/** When nobody listened for longer, nobody could send an alert again: its silence proves nothing. */
const outageMs = 20_000;
const keptAfterEndMs = 30 * 86_400_000;

/** Ends alerts that are not sent any more; alerts that nobody could send meanwhile get the time back. Run every second or so, under a lease. */
export async function noteAlerts({ database, intake, resolveTimeoutMs, now }: AlertClockDependencies): Promise<void> {
  const { db, dialect } = database;
  const nowMs = now();
  const row = await db.selectFrom("setting").select("value").where("name", "=", setting).executeTakeFirst();
  const unwatchedMs = row === undefined ? 0 : nowMs - Number(row.value);
  await database.transaction(async (tx) => {
    if (unwatchedMs > outageMs) await shiftEnds(tx, unwatchedMs, nowMs + resolveTimeoutMs);
    await dialect.upsertMany(tx, "setting", ["name", "value"], [[setting, String(nowMs)]], ["name"]);
  });
  await intake.settleDue();
  await deleteResolved(db, nowMs - keptAfterEndMs);
}
