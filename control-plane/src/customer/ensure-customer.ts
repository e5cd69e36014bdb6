import type { Dialect, Executor } from "../database/dialect/dialect.ts";

/** Makes the organisation of that name unless it is there; its title is the name until somebody gives another. Nothing for null. */
export async function ensureCustomer(
  tx: Executor,
  dialect: Dialect,
  name: string | null,
  nowMs: number,
): Promise<void> {
  if (name === null) return;
  const known = await tx.selectFrom("customer").select("id").where("name", "=", name).executeTakeFirst();
  if (known !== undefined) return;
  await dialect.insertIfAbsent(tx, "customer", { name, title: name, created_at_ms: nowMs, updated_at_ms: nowMs });
}
