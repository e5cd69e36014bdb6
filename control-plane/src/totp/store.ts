import type { TotpSetup } from "@mycloud/protocol/account";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { Sealer } from "../sealing/index.ts";
import { replaceRecoveryCodes, takeRecoveryCode } from "./recovery-codes.ts";
import { findTotpStep, makeTotpSecret, totpUri } from "./totp.ts";

interface TotpSettings {
  readonly isEnabled: boolean;
  /** The organisation wants it. */
  readonly isRequired: boolean;
}

const sealContext = (userId: number) => `totp of user ${userId}`;

/** Whether somebody has a second step, and whether they must. */
export async function totpSettingsOf(executor: Executor, userId: number): Promise<TotpSettings> {
  const row = await executor
    .selectFrom("user")
    .leftJoin("customer", "customer.name", "user.customer")
    .select(["user.totp_confirmed_at_ms", "customer.is_totp_required"])
    .where("user.id", "=", userId)
    .executeTakeFirst();
  return { isEnabled: (row?.totp_confirmed_at_ms ?? null) !== null, isRequired: row?.is_totp_required === 1 };
}

/** A new secret that waits for its first code; the one in force, if there is one, is replaced only then. */
export async function createSetup(
  tx: Executor,
  sealer: Sealer,
  user: { readonly id: number; readonly email: string },
): Promise<TotpSetup> {
  const secret = makeTotpSecret();
  await tx
    .updateTable("user")
    .set({ totp_secret_sealed: sealer.seal(secret, sealContext(user.id)), totp_last_step: null })
    .where("id", "=", user.id)
    .where("totp_confirmed_at_ms", "is", null)
    .execute();
  return { secret, uri: totpUri(secret, user.email) };
}

/** Locks the user's row, so that one code counts once however many send it together. */
async function lockedUser(tx: Executor, dialect: Dialect, userId: number) {
  return await tx
    .selectFrom("user")
    .select(["totp_secret_sealed", "totp_confirmed_at_ms", "totp_last_step"])
    .where("id", "=", userId)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
}

/** With the first right code the secret is in force; answers the recovery codes, or null when the code is wrong or nothing waits. */
export async function confirmTotp(
  tx: Executor,
  dialect: Dialect,
  sealer: Sealer,
  userId: number,
  code: string,
  nowMs: number,
): Promise<string[] | null> {
  const user = await lockedUser(tx, dialect, userId);
  if (user === undefined || user.totp_secret_sealed === null || user.totp_confirmed_at_ms !== null) return null;
  const step = findTotpStep(sealer.open(user.totp_secret_sealed, sealContext(userId)), code, nowMs, null);
  if (step === null) return null;
  await tx
    .updateTable("user")
    .set({ totp_confirmed_at_ms: nowMs, totp_last_step: step })
    .where("id", "=", userId)
    .execute();
  return await replaceRecoveryCodes(tx, userId);
}

/** Uses a code of the authenticator, or a recovery code, up; says which, or null when it is neither. */
export async function takeCode(
  tx: Executor,
  dialect: Dialect,
  sealer: Sealer,
  userId: number,
  code: string,
  nowMs: number,
): Promise<"totp" | "recovery-code" | null> {
  const user = await lockedUser(tx, dialect, userId);
  if (user === undefined || user.totp_secret_sealed === null || user.totp_confirmed_at_ms === null) return null;
  const secret = sealer.open(user.totp_secret_sealed, sealContext(userId));
  const step = findTotpStep(secret, code, nowMs, user.totp_last_step);
  if (step !== null) {
    await tx.updateTable("user").set({ totp_last_step: step }).where("id", "=", userId).execute();
    return "totp";
  }
  return (await takeRecoveryCode(tx, userId, code, nowMs)) ? "recovery-code" : null;
}

/** Takes the second step away, with its recovery codes. */
export async function removeTotp(tx: Executor, userId: number): Promise<void> {
  await tx
    .updateTable("user")
    .set({ totp_secret_sealed: null, totp_confirmed_at_ms: null, totp_last_step: null })
    .where("id", "=", userId)
    .execute();
  await tx.deleteFrom("recovery_code").where("user_id", "=", userId).execute();
}
