import { isRestoreOver, RestorePhase } from "@mycloud/protocol/restore-run";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { RestoreRunTable } from "../database/schema.ts";
import { InputError } from "../error/index.ts";

/** The run of this UUID, locked until the transaction ends. Throws InputError for one that this host's repository does not have: asking again does not help. */
export async function lockRestoreRun(
  tx: Executor,
  dialect: Dialect,
  uuid: string,
  hostId: number,
  repositoryId: number,
): Promise<Selectable<RestoreRunTable>> {
  const row = await tx
    .selectFrom("restore_run")
    .selectAll()
    .where("uuid", "=", uuid)
    .where("host_id", "=", hostId)
    .where("repository_id", "=", repositoryId)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  if (row !== undefined) return row;
  const message = "is no restore run of this host and repository";
  throw new InputError(`runId ${message}`, [{ field: "runId", value: uuid, message }]);
}

/** Whether a row's run is over. Pure. */
export function isOver({ phase }: Pick<Selectable<RestoreRunTable>, "phase">): boolean {
  return isRestoreOver(RestorePhase.parse(phase));
}
