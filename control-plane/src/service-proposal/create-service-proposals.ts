import { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import {
  DiscoverRequest,
  DiscoveryAnswer,
  DiscoveryReport,
  ProposalAnswer,
  ProposalDecision,
  ServiceProposal,
  ServiceProposalFilter,
} from "@mycloud/protocol/service-proposal";
import { findCommandHost, insertCommand } from "../agent-command/store.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError, NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forAgents, forStaffOperators, forViewers, type Route, route } from "../http/route.ts";
import { decideProposals } from "./decide-proposals.ts";
import { planProposals } from "./plan-proposals.ts";
import { countProposals, findProposals, findWatchedHost, listProposals, savePlan } from "./store.ts";

export interface ServiceProposalsDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** An agent has this long to look at its host. */
const lifetimeSeconds = 120;
/** Two thousand things with their checks. */
const maximumReportBytes = 4 * 1024 * 1024;

/** Proposals, decisions on them, and what agents report. They become checks, which only unbound operators write. */
export function createServiceProposalRoutes(deps: ServiceProposalsDependencies): Route[] {
  const { database, audit, changes, now } = deps;
  const { db, dialect } = database;
  const decisionRoute = (verb: "approve" | "reject", phase: "approved" | "rejected", summary: string) =>
    route({
      method: "post",
      path: `/api/v1/service-proposals/${verb}`,
      summary,
      access: forStaffOperators,
      body: ProposalDecision,
      answer: ProposalAnswer,
      async handle({ body, actor, scope }) {
        const answer = await decideProposals(deps, { actor, scope }, body.ids, phase);
        if (answer.done.length > 0) changes.publish("definitions", null);
        return answer;
      },
    });
  return [
    route({
      method: "get",
      path: "/api/v1/service-proposals",
      summary: "List what agents found on their hosts, and what was decided about watching it",
      access: forViewers,
      query: ListQuery,
      filter: ServiceProposalFilter,
      answer: listAnswer(ServiceProposal),
      handle: ({ scope, query }) => listProposals(db, scope, query),
    }),
    route({
      method: "get",
      path: "/api/v1/service-proposals/:id",
      summary: "Show a proposal",
      access: forViewers,
      params: IdParams,
      answer: ServiceProposal,
      async handle({ scope, params: { id } }) {
        const [proposal] = await findProposals(db, dialect, scope, [id]);
        if (proposal === undefined) throw new NotFoundError(`there is no service proposal ${id}`);
        return proposal;
      },
    }),
    decisionRoute("approve", "approved", "Make checks of proposals, each limited to its host"),
    decisionRoute("reject", "rejected", "Keep proposals from being made again"),
    route({
      method: "post",
      path: "/api/v1/discover",
      summary: "Have agents look at their hosts for what there is to watch",
      access: forStaffOperators,
      body: DiscoverRequest,
      answer: BulkAnswer,
      async handle({ body, actor, scope }) {
        return await database.transaction(async (tx) => {
          const answer: BulkAnswer = { done: [], refused: [] };
          for (const hostId of new Set(body.hostIds)) {
            const host = await findCommandHost(tx, scope, hostId);
            if (!host?.hasAgent) {
              const message = host === undefined ? "there is no such host" : "no agent is enrolled on this host";
              answer.refused.push({ hostId, serviceId: null, message });
              continue;
            }
            const request = { kind: "discover" as const };
            const id = await insertCommand(tx, { hostId, request, createdByName: actor.name, lifetimeSeconds }, now());
            const resource = { resourceKind: "agent-command", resourceId: id, resourceName: host.name };
            await audit.record(tx, { actor, action: "agent-command.create", ...resource, after: { hostId, request } });
            answer.done.push({ hostId, serviceId: null });
          }
          return answer;
        });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/agent/discovery",
      summary: "Take what an agent found on its host",
      access: forAgents,
      body: DiscoveryReport,
      answer: DiscoveryAnswer,
      maximumBodyBytes: maximumReportBytes,
      async handle({ body, actor }) {
        const { hostId } = actor;
        if (hostId === null) throw new AuthenticationError("only an enrolled agent may do this");
        const answer = await database.transaction(async (tx): Promise<DiscoveryAnswer> => {
          const watched = await findWatchedHost(tx, dialect, hostId);
          if (watched === undefined) throw new NotFoundError("this agent's host is gone");
          const plan = planProposals(body, watched.known, watched.services, watched.host);
          await savePlan(tx, dialect, hostId, plan, now());
          if (plan.create.length + plan.vanish.length + plan.remove.length > 0) {
            await audit.record(tx, {
              actor,
              action: "service-proposal.discover",
              resourceKind: "host",
              resourceId: hostId,
              resourceName: watched.host.name,
              after: {
                proposed: plan.create.map(({ check }) => check.serviceName),
                vanished: plan.vanish.length,
                covered: plan.covered,
                failed: body.failed,
              },
            });
          }
          return { covered: plan.covered, ...(await countProposals(tx, hostId)) };
        });
        changes.publish("service-proposals", null);
        return answer;
      },
    }),
  ];
}
