import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { TooManyRequestsError } from "../error/index.ts";

const windowMs = 60 * 60_000;
const perAddress = 20;
const perEmail = 3;

/** Limits requests for mails, so that nobody fills somebody's mailbox through us. */
export interface RequestThrottle {
  /**
   * Counts a request from a network address for a mail to `email`. Throws TooManyRequestsError after 20 from one address in an hour. False after 3
   * to one e-mail address: then nothing is sent, and the answer is the same, for it must not tell whether others asked.
   */
  countRequest(email: string, address: string | null): Promise<boolean>;
}

/** Counts in the table of failed logins, whose rows are forgotten after an hour. */
export function createRequestThrottle(database: ConnectedDatabase, now: () => number): RequestThrottle {
  async function count(id: string): Promise<number> {
    return await database.transaction(async (tx) => {
      const nowMs = now();
      const fresh = { failures: 0, first_failed_at_ms: nowMs, blocked_until_ms: 0 };
      await database.dialect.insertIfAbsent(tx, "login_throttle", { id, ...fresh });
      const row = await tx
        .selectFrom("login_throttle")
        .selectAll()
        .where("id", "=", id)
        .modifyEnd(database.dialect.forUpdate)
        .executeTakeFirstOrThrow();
      const isOld = nowMs - row.first_failed_at_ms >= windowMs;
      const counted = { ...(isOld ? fresh : {}), failures: (isOld ? 0 : row.failures) + 1 };
      await tx.updateTable("login_throttle").set(counted).where("id", "=", id).execute();
      return counted.failures;
    });
  }

  return {
    async countRequest(email, address) {
      if (address !== null && (await count(`mail-from:${address.slice(0, 64)}`)) > perAddress) {
        throw new TooManyRequestsError("too many requests from this address; try again in an hour", windowMs / 1000);
      }
      return (await count(`mail-to:${email.slice(0, 254)}`)) <= perEmail;
    },
  };
}
