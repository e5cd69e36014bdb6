import type { AgentCommand, AgentCommandRequest } from "@mycloud/protocol/agent";
import { findCommand, findCommandHost, insertCommand } from "../agent-command/store.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, NotFoundError } from "../error/index.ts";
import type { Operator } from "../operation/operator.ts";

/** Asks a host's agent for something about its backups; answers the command to follow. Throws ConflictError where no agent is. */
export type SendBackupCommand = (
  operator: Operator,
  hostId: number,
  request: AgentCommandRequest,
) => Promise<AgentCommand>;

export interface SendCommandDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** Commands were created: have them delivered at once. */
  readonly wake: () => void;
}

const lifetimeSeconds = 300;

export function createSendBackupCommand({ database, audit, now, wake }: SendCommandDependencies): SendBackupCommand {
  return async ({ actor, scope }, hostId, request) => {
    const command = await database.transaction(async (tx) => {
      const host = await findCommandHost(tx, scope, hostId);
      if (host === undefined) throw new NotFoundError(`there is no host ${hostId}`);
      if (!host.hasAgent) throw new ConflictError(`no agent is enrolled on "${host.name}" that could do it`);
      const id = await insertCommand(tx, { hostId, request, createdByName: actor.name, lifetimeSeconds }, now());
      const resource = { resourceKind: "agent-command", resourceId: id, resourceName: host.name };
      await audit.record(tx, { actor, action: "agent-command.create", ...resource, after: { hostId, request } });
      return await findCommand(tx, scope, id);
    });
    wake();
    if (command === undefined) throw new NotFoundError(`there is no host ${hostId}`);
    return command;
  };
}
