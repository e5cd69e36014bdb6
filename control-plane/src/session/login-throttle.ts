import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { TooManyRequestsError } from "../error/index.ts";

/** How failures of one account, or from one address, are answered. */
interface Policy {
  /** Failures that cost nothing. */
  readonly free: number;
  readonly firstBlockMs: number;
  readonly longestBlockMs: number;
}

// An address may be a whole office behind one router, so it gets more tries than an account.
const policies = {
  account: { free: 5, firstBlockMs: 5_000, longestBlockMs: 15 * 60_000 },
  address: { free: 30, firstBlockMs: 5_000, longestBlockMs: 15 * 60_000 },
} as const satisfies Record<string, Policy>;

/** Without a try for this long, failures are forgotten. */
const forgottenAfterMs = 60 * 60_000;

/** How long after the `failures`-th failure nobody may try: nothing at first, then doubling up to 15 minutes. */
export function blockAfter(kind: keyof typeof policies, failures: number): number {
  const { free, firstBlockMs, longestBlockMs } = policies[kind];
  const over = failures - free;
  return over < 0 ? 0 : Math.min(firstBlockMs * 2 ** Math.min(over, 20), longestBlockMs);
}

export interface LoginThrottle {
  /**
   * Counts a try before the password is looked at, so that a thousand at once are not let through together. Throws
   * TooManyRequestsError while the account or the address is blocked; such a try does not count.
   */
  countTry(email: string, address: string | null): Promise<void>;
  /** Takes the try back: the password was right. */
  forgive(email: string, address: string | null): Promise<void>;
  /** Removes what is forgotten anyway. */
  deleteOld(): Promise<void>;
}

const columns = ["id", "failures", "first_failed_at_ms", "blocked_until_ms"] as const;

interface Key {
  readonly kind: keyof typeof policies;
  readonly id: string;
}

function keysOf(email: string, address: string | null): Key[] {
  const account: Key = { kind: "account", id: `account:${email.slice(0, 254)}` };
  return address === null ? [account] : [account, { kind: "address", id: `address:${address.slice(0, 64)}` }];
}

export function createLoginThrottle(database: ConnectedDatabase, now: () => number): LoginThrottle {
  return {
    async countTry(email, address) {
      await database.transaction(async (tx) => {
        const nowMs = now();
        for (const { kind, id } of keysOf(email, address)) {
          // Not `insertIfAbsent`: MariaDB would lock a row that is there for reading, and two who then want to write it are a deadlock.
          await database.dialect.upsertMany(tx, "login_throttle", columns, [[id, 0, nowMs, 0]], ["id"], []);
          const row = await tx
            .selectFrom("login_throttle")
            .selectAll()
            .where("id", "=", id)
            .modifyEnd(database.dialect.forUpdate)
            .executeTakeFirstOrThrow();
          if (row.blocked_until_ms > nowMs) {
            const seconds = Math.ceil((row.blocked_until_ms - nowMs) / 1000);
            throw new TooManyRequestsError(`too many failed logins; try again in ${seconds} s`, seconds);
          }
          const isOld = nowMs - Math.max(row.first_failed_at_ms, row.blocked_until_ms) > forgottenAfterMs;
          const failures = (isOld ? 0 : row.failures) + 1;
          await tx
            .updateTable("login_throttle")
            .set({
              failures,
              first_failed_at_ms: isOld ? nowMs : row.first_failed_at_ms,
              blocked_until_ms: blockAfter(kind, failures) === 0 ? 0 : nowMs + blockAfter(kind, failures),
            })
            .where("id", "=", id)
            .execute();
        }
      });
    },

    async forgive(email, address) {
      // In a transaction, which is tried again after a deadlock: the session is open already, and an error here would keep its cookie back.
      await database.transaction(async (tx) => {
        for (const { kind, id } of keysOf(email, address)) {
          if (kind === "account") {
            await tx.deleteFrom("login_throttle").where("id", "=", id).execute();
            continue;
          }
          // The other failures from there stay: signing in to one's own account must not wash off tries on others'.
          await tx
            .updateTable("login_throttle")
            .set((eb) => ({ failures: eb("failures", "-", 1), blocked_until_ms: 0 }))
            .where("id", "=", id)
            .where("failures", ">", 0)
            .execute();
        }
      });
    },

    async deleteOld() {
      const before = now() - forgottenAfterMs;
      await database.db
        .deleteFrom("login_throttle")
        .where("first_failed_at_ms", "<", before)
        .where("blocked_until_ms", "<", before)
        .execute();
    },
  };
}
