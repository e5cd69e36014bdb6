import { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import { AgentCommand, CheckNowRequest } from "@mycloud/protocol/agent";
import { CheckTestRunRequest } from "@mycloud/protocol/check";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forStaffOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import type { CheckNow } from "./check-now.ts";
import { findRunner } from "./find-runner.ts";
import { findCommand, findCommandHost, insertCommand } from "./store.ts";

export interface AgentCommandRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** Commands were created: have them delivered at once. */
  readonly wake: () => void;
  readonly checkNow: CheckNow;
}

/** On top of what the test run itself may take. */
const testRunGraceSeconds = 30;

/** Asking agents to do something, and how far that got. */
export function createAgentCommandRoutes({
  database,
  audit,
  now,
  wake,
  checkNow,
}: AgentCommandRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/agent-commands/:id",
      summary: "Show a command to an agent, and its outcome once there is one",
      access: forViewers,
      params: IdParams,
      answer: AgentCommand,
      handle: async ({ params, scope }) => {
        const command = await findCommand(database.db, scope, params.id);
        if (command === undefined) throw new NotFoundError(`there is no command ${params.id}`);
        return command;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/check-now",
      summary: "Have checks run at once, of services or of whole hosts",
      access: forOperators,
      body: CheckNowRequest,
      answer: BulkAnswer,
      handle: ({ body, actor, scope }) => checkNow({ actor, scope }, body),
    }),
    route({
      method: "post",
      path: "/api/v1/checks/test-run",
      summary: "Run a check once on a host without keeping the result; answers the command to follow",
      access: forStaffOperators,
      body: CheckTestRunRequest,
      answer: AgentCommand,
      handle: async ({ body, actor, scope }) => {
        const { hostId, ...run } = body;
        const command = await database.transaction(async (tx) => {
          const host = await findCommandHost(tx, scope, hostId);
          if (host === undefined) throw new NotFoundError(`there is no host ${hostId}`);
          const runner = host.hasAgent ? host : await findRunner(tx, scope, hostId);
          if (runner === undefined)
            throw new ConflictError(`no agent is enrolled on "${host.name}", or probes it, that could run it`);
          const probed = host.hasAgent ? {} : { hostId };
          const request = { kind: "test-run" as const, ...run, ...probed };
          const lifetimeSeconds = run.timeoutSeconds + testRunGraceSeconds;
          const id = await insertCommand(
            tx,
            { hostId: runner.id, request, createdByName: actor.name, lifetimeSeconds },
            now(),
          );
          const resource = { resourceKind: "agent-command", resourceId: id, resourceName: host.name };
          await audit.record(tx, { actor, action: "agent-command.create", ...resource, after: { hostId, request } });
          return findCommand(tx, scope, id);
        });
        wake();
        return new Reply(201, command);
      },
    }),
  ];
}
