import { randomBytes } from "node:crypto";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import { systemActor } from "../http/actor.ts";
import type { PasswordHasher } from "../password/index.ts";
import { hasUsers, insertUser } from "./store.ts";

interface EnsureAdministratorOptions {
  readonly database: ConnectedDatabase;
  readonly passwords: PasswordHasher;
  readonly audit: AuditLog;
  readonly now: () => number;
  readonly email: string;
  /** Null: one is made up, and kept before the user exists, so that it is never lost. */
  readonly password: string | null;
  readonly keepMadeUp: (password: string) => Promise<void>;
}

/** Makes the first administrator where there is no user at all; answers whether it did. */
export async function ensureAdministrator(options: EnsureAdministratorOptions): Promise<boolean> {
  const { database, passwords, audit, now, email } = options;
  if (await hasUsers(database)) return false;
  // 120 random bits in letters that are easy to tell apart and to type.
  const password = options.password ?? randomBytes(15).toString("base64url").replace(/[-_]/g, "x");
  if (options.password === null) await options.keepMadeUp(password);
  const passwordHash = await passwords.hash(password);
  const made = database.transaction(async (tx) => {
    const existing = await tx.selectFrom("user").select("id").limit(1).executeTakeFirst();
    if (existing !== undefined) return false;
    const id = await insertUser(tx, database.dialect, {
      email,
      name: "Administrator",
      role: "admin",
      customer: null,
      isDisabled: false,
      passwordHash,
      nowMs: now(),
    });
    const record = { actor: systemActor, resourceKind: "user", resourceId: id, resourceName: email };
    await audit.record(tx, { ...record, action: "user.create" });
    return true;
  });
  return await made.catch((error: unknown) => {
    // Two control planes that start together on an empty database: one makes the user, the other finds it there only when it writes.
    if (error instanceof ConflictError) return false;
    throw error;
  });
}
