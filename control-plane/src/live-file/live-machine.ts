import type { FileHead, FileRequest } from "@mycloud/protocol/agent-question";
import { z } from "zod";
import type { AskAgent } from "../agent-question/index.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { NotFoundError, UnavailableError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import type { Scope } from "../scope/index.ts";
import type { StaffAccess } from "../staff-access/index.ts";

/** What the routes have in common. */
export interface LiveFiles {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly ask: AskAgent;
  readonly staff: StaffAccess;
}

/** Who asks, and how far they may. */
export interface Asker {
  readonly actor: Actor;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

export interface LiveMachine {
  readonly id: number;
  readonly name: string;
  readonly customer: string | null;
}

export const MachineParams = z.object({ hostId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** A machine within scope. Throws NotFoundError. */
export async function machineOf({ database }: LiveFiles, { scope }: Asker, hostId: number): Promise<LiveMachine> {
  let query = database.db.selectFrom("host").select(["id", "name", "customer"]).where("id", "=", hostId);
  if (scope.kind === "customer") query = query.where("customer", "=", scope.customer);
  const row = await query.executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no machine ${hostId}`);
  return row;
}

/** The head of an answer about files, of the kind that was asked for. */
export async function askFiles<Kind extends FileHead["kind"]>(
  { ask }: LiveFiles,
  machine: LiveMachine,
  request: FileRequest,
  kind: Kind,
  options: { readonly signal: AbortSignal; readonly body?: AsyncIterable<Uint8Array> },
): Promise<{ readonly head: Extract<FileHead, { kind: Kind }>; readonly body: AsyncIterable<Uint8Array> | null }> {
  const { head, body } = await ask(machine.id, { kind: "files", request }, options);
  if ("files" in head && isOfKind(head.files, kind)) return { head: head.files, body };
  throw new UnavailableError("the machine's agent answered another question");
}

function isOfKind<Kind extends FileHead["kind"]>(
  head: FileHead,
  kind: Kind,
): head is Extract<FileHead, { kind: Kind }> {
  return head.kind === kind;
}

/** When the newest snapshot of a repository was made. */
export async function lastSnapshotAtMs({ database }: LiveFiles, hostId: number, repositoryId: number) {
  const row = await database.db
    .selectFrom("backup_repository")
    .select("last_snapshot_at_ms")
    .where("id", "=", repositoryId)
    .where("host_id", "=", hostId)
    .executeTakeFirst();
  return row?.last_snapshot_at_ms ?? null;
}
