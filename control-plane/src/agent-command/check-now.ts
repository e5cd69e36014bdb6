import type { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { CheckNowRequest } from "@mycloud/protocol/agent";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Operator } from "../operation/operator.ts";
import { planCheckNow } from "./plan-check-now.ts";
import { findCommandTargets, findHostTargets, insertCommand } from "./store.ts";

export interface CheckNowDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** Commands were created: have them delivered at once. */
  readonly wake: () => void;
}

/**
 * Has agents run the checks of services, or of whole hosts, at once or at an instant to come, beside their own timetable; answers what was asked for
 * and what cannot be, one by one.
 */
export type CheckNow = (operator: Operator, request: CheckNowRequest, atMs?: number) => Promise<BulkAnswer>;

const lifetimeSeconds = 60;
const servicesPerCommand = 1000;

export function createCheckNow({ database, audit, now, wake }: CheckNowDependencies): CheckNow {
  return async ({ actor, scope }, asked, atMs) => {
    const answer = await database.transaction(async (tx) => {
      const services = await findCommandTargets(tx, scope, { serviceIds: asked.serviceIds });
      const ofHosts = await findCommandTargets(tx, scope, { hostIds: asked.hostIds });
      const hostRunners = await findHostTargets(tx, scope, asked.hostIds);
      const plan = planCheckNow(asked, services, ofHosts, hostRunners);
      for (const [hostId, { serviceIds, hostIds }] of plan.byHost) {
        for (let at = 0; at < Math.max(serviceIds.length, hostIds.length); at += servicesPerCommand) {
          const part = hostIds.slice(at, at + servicesPerCommand);
          const request = {
            kind: "check-now" as const,
            serviceIds: serviceIds.slice(at, at + servicesPerCommand),
            ...(part.length > 0 ? { hostIds: part } : {}),
          };
          const due = atMs === undefined ? {} : { dueAtMs: atMs };
          const command = { hostId, request, createdByName: actor.name, lifetimeSeconds, ...due };
          const id = await insertCommand(tx, command, now());
          const resource = { resourceKind: "agent-command", resourceId: id, resourceName: null };
          await audit.record(tx, {
            actor,
            action: "agent-command.create",
            ...resource,
            after: { hostId, request, ...due },
          });
        }
      }
      return plan.answer;
    });
    wake();
    return answer;
  };
}
