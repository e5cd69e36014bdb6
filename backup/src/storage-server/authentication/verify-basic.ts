import { createHmac, randomBytes } from "node:crypto";
import type { Grant } from "../capability/capability.ts";
import { createSlots } from "../limit/slots.ts";
import { type PasswordEntry, verifyPassword } from "../password-file/index.ts";
import { coversRepository } from "../repository/repository-name.ts";
import { TooManyRequestsError, UnauthenticatedError } from "../request/request-error.ts";

/** A password that was right need not be hashed again for so long. */
const rememberMs = 60_000;
const maximumRemembered = 1_000;
/** Wrong passwords of one address for one user: ten, then one in five seconds. */
const maximumFailures = 10;
const failuresPerSecond = 0.2;
const maximumClients = 10_000;

/** What passwords are verified against. */
export interface BasicSource {
  entries(): Promise<readonly PasswordEntry[]>;
  /** ms; never jumps. */
  readonly monotonicNow: () => number;
}

/** Who asks, as a request says it. */
export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
  readonly address: string;
  /** Null where no single repository is asked for. */
  readonly repository: string | null;
}

/** Verifies users and passwords; remembers those that were right for a minute, by a keyed hash that dies with the process. */
export interface BasicVerifier {
  /** What the user was given. Throws UnauthenticatedError, TooManyRequestsError, BusyError. */
  verify(credentials: BasicCredentials): Promise<Grant>;
}

/** A verifier over these users. At most two hashes are computed at a time (19 MiB and a core each), 64 wait. */
export function createBasicVerifier({ entries, monotonicNow }: BasicSource): BasicVerifier {
  const key = randomBytes(32);
  const hashing = createSlots(2, 64, 10_000);
  const failures = createFailureLimit(monotonicNow);
  const remembered = new Map<string, { untilMs: number }>();
  const running = new Map<string, Promise<boolean>>();

  async function check(password: string, entry: PasswordEntry | undefined): Promise<boolean> {
    const leave = await hashing.enter();
    try {
      return await verifyPassword(password, entry?.hash ?? null);
    } finally {
      leave();
    }
  }

  return {
    async verify({ user, password, address, repository }) {
      const entry = bestEntry(await entries(), user, repository);
      // The stored hash is part of the key: a new password makes the old one unknown at once.
      const digest = createHmac("sha256", key)
        .update(JSON.stringify([entry?.hash ?? "", user, password]))
        .digest("base64");
      const known = remembered.get(digest);
      if (entry === undefined || known === undefined || known.untilMs <= monotonicNow()) {
        const client = `${address} ${user}`;
        const waitSeconds = failures.waitSeconds(client);
        if (waitSeconds > 0) throw new TooManyRequestsError("too many wrong passwords", waitSeconds);
        // Several requests of one client at once cost one hash.
        const checking = running.get(digest) ?? check(password, entry).finally(() => running.delete(digest));
        running.set(digest, checking);
        if (!(await checking) || entry === undefined) {
          failures.note(client);
          throw new UnauthenticatedError("the user is not known for this repository, or the password is wrong");
        }
        if (remembered.size >= maximumRemembered) remembered.clear();
        remembered.set(digest, { untilMs: monotonicNow() + rememberMs });
      }
      return {
        principal: `user:${user}`,
        repository: entry.repository,
        verbs: entry.verbs,
        quotaBytes: entry.quotaBytes ?? null,
      };
    },
  };
}

/** The entry of a user that fits a repository most closely. Pure. */
export function bestEntry(
  entries: readonly PasswordEntry[],
  user: string,
  repository: string | null,
): PasswordEntry | undefined {
  return entries
    .filter((entry) => entry.user === user && coversRepository(entry.repository, repository ?? "*"))
    .sort((a, b) => b.repository.length - a.repository.length)[0];
}

// Being refused must cost nothing from the allowance, or a client that waits as told would never get in: asking and noting are apart.
function createFailureLimit(monotonicNow: () => number) {
  const clients = new Map<string, { count: number; sinceMs: number }>();
  const present = (client: string) => {
    const known = clients.get(client);
    if (known === undefined) return 0;
    return Math.max(0, known.count - ((monotonicNow() - known.sinceMs) / 1000) * failuresPerSecond);
  };
  return {
    waitSeconds(client: string): number {
      const count = present(client);
      return count < maximumFailures ? 0 : Math.max(1, Math.ceil((count - maximumFailures + 1) / failuresPerSecond));
    },
    note(client: string): void {
      const count = present(client) + 1;
      clients.delete(client);
      clients.set(client, { count, sinceMs: monotonicNow() });
      const oldest = clients.keys().next().value;
      if (clients.size > maximumClients && oldest !== undefined) clients.delete(oldest);
    },
  };
}
