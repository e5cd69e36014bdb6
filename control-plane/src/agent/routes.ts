import {
  AgentCommandOutcome,
  AgentConfiguration,
  AgentResultAnswer,
  AgentResultBatch,
  EnrolAnswer,
  EnrolRequest,
  Keepalive,
  KeepaliveAnswer,
} from "@mycloud/protocol/agent";
import { takeOutcome } from "../agent-command/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { AcceptCheckResults } from "../check-result/incoming-result.ts";
import { AuthenticationError, NotFoundError, TooManyRequestsError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forAgents, forEveryone, Reply, type Route, route } from "../http/route.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { type AdmissionPolicy, admit, initialAdmission } from "./admission.ts";
import type { AgentStreams } from "./agent-streams.ts";
import { believedResults } from "./believed-results.ts";
import type { ConfigurationSource } from "./configuration-source.ts";
import { type EnrolDependencies, enrolAgent } from "./enrol-agent.ts";
import type { KeepaliveWriter } from "./keepalive-writer.ts";
import { saveFacts } from "./save-facts.ts";

export interface AgentRoutesDependencies extends EnrolDependencies {
  readonly changes: ChangeBus;
  readonly definitions: DefinitionCache;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly configurations: ConfigurationSource;
  readonly keepalives: KeepaliveWriter;
  readonly streams: AgentStreams;
  /** How fast streams are opened and configurations computed. */
  readonly admission: AdmissionPolicy;
}

/** A batch of an agent: a few hundred results with outputs of up to 64 KiB each. */
const maximumBatchBytes = 16 * 1024 * 1024;

/** What agents call. */
export function createAgentRoutes(deps: AgentRoutesDependencies): Route[] {
  const { changes, configurations, keepalives, streams, now } = deps;
  let admission = initialAdmission(deps.admission, now());

  function admitOrRefuse(): void {
    const verdict = admit(deps.admission, admission, now());
    admission = verdict.state;
    if (verdict.retryAfterSeconds === undefined) return;
    throw new TooManyRequestsError("many agents connect at once; come again later", verdict.retryAfterSeconds);
  }

  return [
    route({
      method: "post",
      path: "/api/v1/agent/enrol",
      summary: "Enrol a host's agent with a one-time token",
      access: forEveryone,
      body: EnrolRequest,
      answer: EnrolAnswer,
      maximumBodyBytes: 64 * 1024,
      handle: async ({ body, actor }) => {
        const { tokenId, ...answer } = await enrolAgent(deps, body, actor.address);
        changes.publish("definitions", null);
        changes.publish("enrolments", [tokenId]);
        changes.publish("hosts", [answer.hostId]);
        return answer;
      },
    }),
    route({
      method: "get",
      path: "/api/v1/agent/configuration",
      summary: "What the agent has to run; its hash is the ETag",
      access: forAgents,
      answer: AgentConfiguration,
      handle: async ({ actor, request }) => {
        const { hostId } = agentOf(actor);
        const known = (await configurations.findEtags([hostId])).get(hostId);
        if (known !== undefined && request.headers["if-none-match"] === known) {
          return new Reply(304, undefined, { etag: known });
        }
        admitOrRefuse();
        const found = await configurations.find(hostId);
        if (found === undefined) throw new NotFoundError("this agent's host is gone");
        return new Reply(200, found.configuration, { etag: found.etag });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/agent/check-results",
      summary: "Take a batch of results; a batch id counts once",
      access: forAgents,
      body: AgentResultBatch,
      answer: AgentResultAnswer,
      maximumBodyBytes: maximumBatchBytes,
      handle: async ({ body, actor }) => {
        const { agentId, hostId } = agentOf(actor);
        const results = await believedResults(deps.database, deps.definitions, hostId, body.results, now());
        const stored = await deps.acceptCheckResults({
          sender: `agent:${agentId}`,
          batchId: body.batchId,
          results,
          describe: (outcomes) => {
            const accepted = outcomes.filter((outcome) => outcome.isAccepted).length;
            return JSON.stringify({ accepted, dropped: body.results.length - accepted });
          },
        });
        return AgentResultAnswer.parse({ ...JSON.parse(stored.answerJson), isDuplicate: stored.isDuplicate });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/agent/keepalive",
      summary: "Say that the agent is there, and compare clocks",
      access: forAgents,
      body: Keepalive,
      answer: KeepaliveAnswer,
      maximumBodyBytes: 64 * 1024,
      handle: async ({ body, actor }) => {
        const { agentId, hostId } = agentOf(actor);
        const receivedAtMs = now();
        keepalives.note({ agentId, hostId, seenAtMs: receivedAtMs, keepalive: body });
        if (body.facts !== undefined && (await saveFacts(deps, hostId, body.facts))) {
          changes.publish("definitions", null);
        }
        // After a change agents are told one after the other; those that ask before their turn would all come at once.
        const { configurationEtag: own } = body;
        if (own !== null && streams.isToBeTold(hostId)) return { receivedAtMs, configurationEtag: own };
        const etag = (await configurations.findEtags([hostId])).get(hostId);
        if (etag === undefined) throw new NotFoundError("this agent's host is gone");
        return { receivedAtMs, configurationEtag: etag };
      },
    }),
    route({
      method: "get",
      path: "/api/v1/agent/stream",
      summary: "Commands and configuration changes as server-sent events",
      access: forAgents,
      answerKind: "stream",
      handle: async ({ actor, response }) => {
        admitOrRefuse();
        await streams.open(actor, response);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/agent/commands/:id/acknowledgement",
      summary: "Tell what came of a command",
      access: forAgents,
      params: IdParams,
      body: AgentCommandOutcome,
      maximumBodyBytes: 1024 * 1024,
      handle: async ({ params, body, actor }) => {
        const { hostId } = agentOf(actor);
        const isKnown = await takeOutcome(deps, actor, { id: params.id, hostId }, body);
        if (!isKnown) throw new NotFoundError(`there is no command ${params.id} for this host`);
      },
    }),
  ];
}

function agentOf(actor: Actor): { readonly agentId: string; readonly hostId: number } {
  if (actor.id === null || actor.hostId === null) throw new AuthenticationError("only an enrolled agent may do this");
  return { agentId: actor.id, hostId: actor.hostId };
}
