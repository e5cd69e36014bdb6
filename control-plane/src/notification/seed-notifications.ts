import { insertContact } from "../contact/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { insertRule } from "./rule-store.ts";

/**
 * On a new installation, makes the first administrator a contact, with a rule that tells of everything bad, so that the first problem reaches
 * somebody without any set-up. Done once for good: who deletes them later does not get them back. Answers whether it did.
 */
export async function seedNotifications(database: ConnectedDatabase, nowMs: number): Promise<boolean> {
  const { dialect } = database;
  return await database.transaction(async (tx) => {
    const administrator = await tx
      .selectFrom("user")
      .select(["id", "email"])
      .where("role", "=", "admin")
      .where("customer", "is", null)
      .orderBy("id")
      .limit(1)
      .executeTakeFirst();
    if (administrator === undefined) return false;
    const isFirst = await dialect.insertIfAbsent(tx, "setting", { name: "notifications_seeded", value: "1" });
    if (!isFirst) return false;
    const { id: userId, email } = administrator;
    const contact = { name: "administrator", email, userId, customer: null, isEnabled: true };
    const contactId = await insertContact(tx, dialect, contact, nowMs);
    const rule = {
      name: "everything to the administrator",
      selector: {},
      states: [...everyState],
      contactIds: [contactId],
      isEnabled: true,
    };
    await insertRule(tx, dialect, rule, nowMs);
    return true;
  });
}

const everyState = ["WARNING", "CRITICAL", "UNKNOWN", "STALE", "DOWN", "UNREACHABLE", "RECOVERY"] as const;
