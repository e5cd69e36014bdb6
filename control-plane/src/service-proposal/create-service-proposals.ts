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
import { saveFacts } from "../agent/save-facts.ts";
import { findRunner } from "../agent-command/find-runner.ts";
import { findCommandHost, insertCommand } from "../agent-command/store.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { AuthenticationError, NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forAgents, forStaffOperators, forViewers, type Route, route } from "../http/route.ts";
import { findProbedBy } from "../prober/store.ts";
import { decideProposals } from "./decide-proposals.ts";
import { planProposals } from "./plan-proposals.ts";
import { countProposals, findProposals, findWatchedHost, listProposals, savePlan } from "./store.ts";

export interface ServiceProposalsDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
  /** Gives a host the services that its labels amount to; in the caller's transaction. */
  readonly planServicesOfHost: (tx: Executor, hostId: number, nowMs: number) => Promise<void>;
}

/** What was found on one host. */
type HostReport = Pick<DiscoveryReport, "found" | "failed"> & { readonly hostId: number };

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

  /** Holds what was found on one host against what is known of it. */
  async function keepReport(found: HostReport, actor: Actor): Promise<DiscoveryAnswer> {
    const { hostId } = found;
    return await database.transaction(async (tx): Promise<DiscoveryAnswer> => {
      const watched = await findWatchedHost(tx, dialect, hostId);
      if (watched === undefined) throw new NotFoundError("this agent's host is gone");
      const plan = planProposals(found, watched.known, watched.services, watched.host);
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
            failed: found.failed,
          },
        });
      }
      return { covered: plan.covered, ...(await countProposals(tx, hostId)) };
    });
  }

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
            const runner = host === undefined || host.hasAgent ? host : await findRunner(tx, scope, hostId);
            if (host === undefined || runner === undefined) {
              const message =
                host === undefined ? "there is no such host" : "no agent is enrolled on this host, and none probes it";
              answer.refused.push({ hostId, serviceId: null, message });
              continue;
            }
            const request = { kind: "discover" as const, ...(host.hasAgent ? {} : { hostIds: [hostId] }) };
            const command = { hostId: runner.id, request, createdByName: actor.name, lifetimeSeconds };
            const id = await insertCommand(tx, command, now());
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
        const probedBy = await findProbedBy(database, [hostId]);
        const mine = new Set(probedBy.get(hostId));
        // Whoever probed a host until a moment ago may still tell of it; only the present prober is believed.
        const probed = (body.probed ?? []).filter((device) => mine.has(device.hostId));
        const reports = [...(body.isOwnHostLeftOut === true ? [] : [{ ...body, hostId }]), ...probed];
        const sum: DiscoveryAnswer = { proposed: 0, covered: 0, vanished: 0 };
        for (const one of reports) {
          const answer = await keepReport(one, actor);
          sum.proposed += answer.proposed;
          sum.covered += answer.covered;
          sum.vanished += answer.vanished;
        }
        for (const { hostId: deviceId, facts } of probed) {
          if (await saveFacts(deps, deviceId, facts)) changes.publish("definitions", null);
        }
        changes.publish("service-proposals", null);
        return sum;
      },
    }),
  ];
}
