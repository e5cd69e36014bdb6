import { insertContact } from "../contact/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { insertRule } from "./rule-store.ts";

/**
 * On a new installation, makes the administrator a contact and a rule that tells of everything bad, so that the first problem reaches
 * somebody without any set-up. Does nothing where contacts or rules exist, or once did: call it on the first start only.
 */
export async function seedNotifications(
  database: ConnectedDatabase,
  administrator: { readonly id: number; readonly email: string },
  nowMs: number,
): Promise<void> {
  const { dialect } = database;
  await database.transaction(async (tx) => {
    const existing = await tx.selectFrom("contact").select("id").limit(1).executeTakeFirst();
    const rule = await tx.selectFrom("notification_rule").select("id").limit(1).executeTakeFirst();
    if (existing !== undefined || rule !== undefined) return;
    const contact = {
      name: "administrator",
      email: administrator.email,
      userId: administrator.id,
      customer: null,
      isEnabled: true,
    };
    const contactId = await insertContact(tx, dialect, contact, nowMs);
    const input = {
      name: "everything to the administrator",
      selector: {},
      states: ["WARNING", "CRITICAL", "UNKNOWN", "STALE", "DOWN", "UNREACHABLE", "RECOVERY"] as const,
      contactIds: [contactId],
      isEnabled: true,
    };
    await insertRule(tx, dialect, { ...input, states: [...input.states] }, nowMs);
  });
}
