import { ContactInput } from "@mycloud/protocol/contact";
import { NotificationRuleInput } from "@mycloud/protocol/notification";
import { insertContact } from "../contact/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Sealer } from "../sealing/index.ts";
import { insertRule } from "./rule-store.ts";

/**
 * On a new installation, makes the first administrator a contact, with a rule that tells of everything bad, so that the first problem reaches
 * somebody without any set-up. Done once for good: who deletes them later does not get them back. Answers whether it did.
 */
export async function seedNotifications(database: ConnectedDatabase, sealer: Sealer, nowMs: number): Promise<boolean> {
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
    const contact = ContactInput.parse({ name: "administrator", email, userId });
    const contactId = await insertContact(tx, dialect, sealer, contact, nowMs);
    const rule = NotificationRuleInput.parse({
      name: "everything to the administrator",
      states: [...everyState],
      contactIds: [contactId],
    });
    await insertRule(tx, dialect, rule, nowMs);
    return true;
  });
}

const everyState = ["WARNING", "CRITICAL", "UNKNOWN", "STALE", "DOWN", "UNREACHABLE", "RECOVERY", "FLAPPING"] as const;
