import type { AuditLog } from "../audit/index.ts";
import { createCheck } from "../check/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { systemActor } from "../http/actor.ts";
import { defaultChecks } from "./default-checks.ts";

export interface SeedChecksDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
}

/**
 * On a new installation, makes the default checks; answers whether it did. Done once for good, also when somebody was faster with checks of
 * their own: what is deleted later stays deleted.
 */
export async function seedChecks({ database, audit, now }: SeedChecksDependencies): Promise<boolean> {
  const { dialect } = database;
  return await database.transaction(async (tx) => {
    const isFirst = await dialect.insertIfAbsent(tx, "setting", { name: "checks_seeded", value: "1" });
    if (!isFirst) return false;
    const existing = await tx.selectFrom("check_definition").select("id").limit(1).executeTakeFirst();
    if (existing !== undefined) return false;
    for (const check of defaultChecks) {
      const id = await createCheck(tx, dialect, check, now());
      await audit.record(tx, {
        actor: systemActor,
        action: "check.create",
        resourceKind: "check",
        resourceId: id,
        resourceName: check.name,
        after: check,
      });
    }
    return true;
  });
}
