import { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import { AgentCommand, CheckNowRequest } from "@mycloud/protocol/agent";
import { CheckTestRunRequest } from "@mycloud/protocol/check";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forStaffOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import { planCheckNow } from "./plan-check-now.ts";
import { findCommand, findCommandHost, findCommandTargets, insertCommand } from "./store.ts";

export interface AgentCommandRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** Commands were created: have them delivered at once. */
  readonly wake: () => void;
}

const checkNowLifetimeSeconds = 60;
/** On top of what the test run itself may take. */
const testRunGraceSeconds = 30;
const servicesPerCommand = 1000;

/** Asking agents to do something, and how far that got. */
export function createAgentCommandRoutes({ database, audit, now, wake }: AgentCommandRoutesDependencies): Route[] {
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
      handle: async ({ body, actor, scope }) => {
        const answer = await database.transaction(async (tx) => {
          const services = await findCommandTargets(tx, scope, { serviceIds: body.serviceIds });
          const ofHosts = await findCommandTargets(tx, scope, { hostIds: body.hostIds });
          const plan = planCheckNow(body, services, ofHosts);
          for (const [hostId, serviceIds] of plan.byHost) {
            for (let at = 0; at < serviceIds.length; at += servicesPerCommand) {
              const request = { kind: "check-now" as const, serviceIds: serviceIds.slice(at, at + servicesPerCommand) };
              const command = { hostId, request, createdByName: actor.name, lifetimeSeconds: checkNowLifetimeSeconds };
              const id = await insertCommand(tx, command, now());
              const resource = { resourceKind: "agent-command", resourceId: id, resourceName: null };
              await audit.record(tx, {
                actor,
                action: "agent-command.create",
                ...resource,
                after: { hostId, request },
              });
            }
          }
          return plan.answer;
        });
        wake();
        return answer;
      },
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
          if (!host.hasAgent) throw new ConflictError(`no agent is enrolled on "${host.name}" that could run it`);
          const request = { kind: "test-run" as const, ...run };
          const lifetimeSeconds = run.timeoutSeconds + testRunGraceSeconds;
          const id = await insertCommand(tx, { hostId, request, createdByName: actor.name, lifetimeSeconds }, now());
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
