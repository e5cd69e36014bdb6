import { TimelineAnswer, TimelineQuery } from "@mycloud/protocol/timeline";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { parseCursor, readDensity, readTimeline } from "./read-timeline.ts";
import type { TimelineSubject } from "./source.ts";

export interface TimelineDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly now: () => number;
}

/** What happened, of one host or service or of everything in scope. */
export function createTimelineRoutes(dependencies: TimelineDependencies): Route[] {
  const { database, now } = dependencies;
  return [
    route({
      method: "get",
      path: "/api/v1/timeline",
      summary:
        "What happened: states, messages, acknowledgements, downtimes, comments, changed definitions, agents, commands",
      access: forViewers,
      query: TimelineQuery,
      answer: TimelineAnswer,
      async handle({ scope, query }) {
        const question = {
          subject: await findSubject(dependencies, scope, query.hostId, query.serviceId),
          kinds: query.kind ?? null,
          severities: query.severity ?? null,
          fromMs: query.fromMs,
          // What was just written belongs to it, whatever the clock's grain.
          untilMs: query.untilMs ?? now() + 60_000,
        };
        const after = query.cursor === undefined ? null : parseCursor(query.cursor);
        const answer = await readTimeline(database, scope, { ...question, after, limit: query.limit });
        if (query.bins === undefined) return answer;
        return { ...answer, density: await readDensity(database, scope, question, query.bins) };
      },
    }),
  ];
}

/** Throws NotFoundError for what is not there or not seen, and InputError for a service without its host. */
export async function findSubject(
  { database: { db }, definitions }: Pick<TimelineDependencies, "database" | "definitions">,
  scope: Scope,
  hostId: number | undefined,
  serviceId: number | undefined,
): Promise<TimelineSubject> {
  const serviceHostId =
    hostId === undefined && serviceId !== undefined && serviceId > 0
      ? (await db.selectFrom("service").select("host_id").where("id", "=", serviceId).executeTakeFirst())?.host_id
      : hostId;
  if (serviceHostId === undefined) {
    if (serviceId === undefined) return { hosts: null, service: undefined };
    if (serviceId > 0) throw new NotFoundError(`there is no service ${serviceId}`);
    throw new InputError("serviceId 0 is the host itself; name it with hostId", [
      { field: "serviceId", message: "has no hostId" },
    ]);
  }
  const host = (await definitions.hostsById(db, new Set([serviceHostId]))).get(serviceHostId);
  if (host === undefined || (scope.kind === "customer" && host.customer !== scope.customer)) {
    throw new NotFoundError(hostId === undefined ? `there is no service ${serviceId}` : `there is no host ${hostId}`);
  }
  if (serviceId === undefined) return { hosts: [host], service: undefined };
  if (serviceId === 0) return { hosts: [host], service: null };
  const service = definitions.serviceOf(host, serviceId);
  if (service === undefined) throw new NotFoundError(`there is no service ${serviceId}`);
  return { hosts: [host], service: { id: service.id, name: service.name } };
}
