import { randomBytes } from "node:crypto";
import type { Executor } from "../database/dialect/dialect.ts";
import type { Sealer } from "../sealing/index.ts";

/** The password of a managed repository; made, and sealed, when it is first asked for. Throws Error when the master key is another. */
export async function managedPassword(tx: Executor, sealer: Sealer, repositoryId: number): Promise<string> {
  const context = `backup-repository ${repositoryId}`;
  const read = () =>
    tx
      .selectFrom("backup_repository")
      .select("sealed_password")
      .where("id", "=", repositoryId)
      .executeTakeFirstOrThrow();
  const { sealed_password: present } = await read();
  if (present !== null) return sealer.open(present, context);
  const password = randomBytes(32).toString("base64url");
  await tx
    .updateTable("backup_repository")
    .set({ sealed_password: sealer.seal(password, context) })
    .where("id", "=", repositoryId)
    .where("sealed_password", "is", null)
    .execute();
  // Somebody else may have been first.
  const { sealed_password: stored } = await read();
  return stored === null ? password : sealer.open(stored, context);
}
