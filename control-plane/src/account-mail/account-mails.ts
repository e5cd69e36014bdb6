import type { MailKind } from "@mycloud/protocol/account";
import type { Executor } from "../database/dialect/dialect.ts";
import type { Sealer } from "../sealing/index.ts";
import type { MailContent } from "./mail-content.ts";

/** Puts mails on their way, in the transaction of what they tell of. */
export interface AccountMails {
  /** To an address, whether somebody has it or not: links. */
  toAddress(tx: Executor, email: string, content: MailContent): Promise<void>;
  /** To one person; not when they turned that kind off, or are disabled. */
  toUser(tx: Executor, userId: number, content: MailContent): Promise<void>;
  /** To the members of an organisation who want that kind. For backups: `toMembers(tx, host.customer, {kind: "rpo-missed", ...})`. */
  toMembers(tx: Executor, customer: string, content: MailContent & { readonly kind: MailKind }): Promise<void>;
}

/** What sealed contents are bound to. */
export const mailSealContext = "account mail";

export function createAccountMails({
  sealer,
  now,
}: {
  readonly sealer: Sealer;
  readonly now: () => number;
}): AccountMails {
  async function put(tx: Executor, email: string, userId: number | null, content: MailContent): Promise<void> {
    const nowMs = now();
    await tx
      .insertInto("account_mail")
      .values({
        kind: content.kind ?? "account",
        email,
        user_id: userId,
        content_sealed: sealer.seal(JSON.stringify(content), mailSealContext),
        created_at_ms: nowMs,
        due_at_ms: nowMs,
      })
      .execute();
  }

  /** Enabled users who did not turn the kind off. */
  function wanting(tx: Executor, kind: MailKind | null) {
    const users = tx.selectFrom("user").select(["user.id", "user.email"]).where("user.is_disabled", "=", 0);
    if (kind === null) return users;
    return users.where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("mail_preference")
            .select("mail_preference.user_id")
            .whereRef("mail_preference.user_id", "=", "user.id")
            .where("mail_preference.kind", "=", kind)
            .where("mail_preference.is_wanted", "=", 0),
        ),
      ),
    );
  }

  return {
    toAddress: (tx, email, content) => put(tx, email, null, content),
    async toUser(tx, userId, content) {
      const user = await wanting(tx, content.kind).where("user.id", "=", userId).executeTakeFirst();
      if (user !== undefined) await put(tx, user.email, user.id, content);
    },
    async toMembers(tx, customer, content) {
      const members = await wanting(tx, content.kind).where("user.customer", "=", customer).execute();
      for (const member of members) await put(tx, member.email, member.id, content);
    },
  };
}
