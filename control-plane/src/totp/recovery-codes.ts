import { randomInt } from "node:crypto";
import type { Executor } from "../database/dialect/dialect.ts";
import { hashSecret } from "../session/secret.ts";

const count = 10;
const length = 16;
// Without i, l, o, u, 0 and 1: nothing that looks like something else on paper.
const alphabet = "abcdefghjkmnpqrstvwxyz23456789";

/** `abcd-efgh-jkmn-pqrs`: 78 random bits, so that a plain hash of it is safe. */
function makeRecoveryCode(): string {
  const letters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
  return letters.replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** What is stored of a code, however it was typed. Pure. */
export function hashRecoveryCode(code: string): string {
  return hashSecret(code.toLowerCase().replaceAll(/[\s-]/g, ""));
}

/** Ten new codes in the place of the old ones; this once they can be read. */
export async function replaceRecoveryCodes(tx: Executor, userId: number): Promise<string[]> {
  const codes = Array.from({ length: count }, makeRecoveryCode);
  await tx.deleteFrom("recovery_code").where("user_id", "=", userId).execute();
  const rows = codes.map((code) => ({ user_id: userId, code_hash: hashRecoveryCode(code), used_at_ms: null }));
  await tx.insertInto("recovery_code").values(rows).execute();
  return codes;
}

/** Uses a code up; false when it is none, or was used. */
export async function takeRecoveryCode(tx: Executor, userId: number, code: string, nowMs: number): Promise<boolean> {
  const updated = await tx
    .updateTable("recovery_code")
    .set({ used_at_ms: nowMs })
    .where("user_id", "=", userId)
    .where("code_hash", "=", hashRecoveryCode(code))
    .where("used_at_ms", "is", null)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** How many are left. */
export async function countRecoveryCodes(executor: Executor, userId: number): Promise<number> {
  const { left } = await executor
    .selectFrom("recovery_code")
    .select((eb) => eb.fn.countAll().as("left"))
    .where("user_id", "=", userId)
    .where("used_at_ms", "is", null)
    .executeTakeFirstOrThrow();
  return Number(left);
}
