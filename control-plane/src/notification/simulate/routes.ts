import {
  ProposedSimulationAnswer,
  ProposedSimulationRequest,
  SimulationAnswer,
  SimulationRequest,
} from "@mycloud/protocol/notification";
import { z } from "zod";
import type { ConnectedDatabase, Executor } from "../../database/dialect/dialect.ts";
import { NotFoundError } from "../../error/index.ts";
import { forStaffOperators, forStaffViewers, type Route, route } from "../../http/route.ts";
import { DefinitionCache } from "../../monitored/index.ts";
import { loadDefinitions } from "../definition-cache.ts";
import { rulesFor } from "../known-rule.ts";
import { simulate } from "./simulate.ts";

/** Runs `work` with proposed definitions in place, and takes them back. Throws InputError for those that cannot be. */
export type WithProposed = <T>(resources: readonly unknown[], work: (tx: Executor) => Promise<T>) => Promise<T>;

export interface SimulationRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly withProposed: WithProposed;
  readonly now: () => number;
}

/** The query of the GET: numbers arrive as text. */
const SimulationQuery = SimulationRequest.extend({
  service: SimulationRequest.shape.service.unwrap().or(z.literal("")).default(""),
  atMs: z.coerce.number().int().min(0).max(8_000_000_000_000).optional(),
  hours: z.coerce.number().positive().max(744).default(24),
});

/** Who would be told: what a rule says is the operator's own, so those bound to a customer do not ask. */
export function createSimulationRoutes({ database, withProposed, now }: SimulationRoutesDependencies): Route[] {
  const { db, dialect } = database;

  async function answer(executor: Executor, request: SimulationRequest): Promise<SimulationAnswer> {
    const { host: hostName, service: serviceName, state, hours } = request;
    const atMs = request.atMs ?? now();
    const untilMs = Math.round(atMs + hours * 3_600_000);
    const hosts = await new DefinitionCache({ dialect }).hostsByName(executor, new Set([hostName]));
    const host = hosts.get(hostName);
    if (host === undefined) throw new NotFoundError(`there is no host ${hostName}`);
    const service = serviceName === null ? null : host.servicesByName.get(serviceName);
    if (service === undefined) throw new NotFoundError(`there is no service ${hostName}/${serviceName}`);
    const definitions = await loadDefinitions(executor, now());
    const { businessImpact, isNotificationEnabled } = (service ?? host).settings;
    const rules = rulesFor(definitions.rules, host, serviceName);
    const object = { host, serviceName, businessImpact, isNotificationEnabled, rules };
    const { messages, silences } = simulate(object, definitions, state, atMs, untilMs);
    return {
      host: hostName,
      service: serviceName,
      state,
      atMs,
      untilMs,
      messages: [...messages],
      silences: [...silences],
    };
  }

  return [
    route({
      method: "get",
      path: "/api/v1/notifications/simulate",
      summary: "Who would be told when, and by which rule and channel, if this went bad at a moment; or why nobody",
      access: forStaffViewers,
      query: SimulationQuery,
      answer: SimulationAnswer,
      handle: ({ query }) => answer(db, { ...query, service: query.service === "" ? null : query.service }),
    }),
    route({
      method: "post",
      path: "/api/v1/notifications/simulate",
      summary:
        "The same, by the definitions as they are and as they would be with those proposed, which are not stored",
      access: forStaffOperators,
      body: ProposedSimulationRequest,
      maximumBodyBytes: 32 * 1024 * 1024,
      answer: ProposedSimulationAnswer,
      async handle({ body: { resources, ...request } }) {
        const asked = { ...request, atMs: request.atMs ?? now() };
        const proposed = await withProposed(resources, (tx) => answer(tx, asked));
        // What is asked of may be proposed itself; there is nobody to be told of it today.
        const present = await answer(db, asked).catch((error: unknown) => {
          if (!(error instanceof NotFoundError)) throw error;
          const silence = { atMs: asked.atMs, reason: "no-rule-matches", message: error.message };
          return { ...proposed, messages: [], silences: [silence] };
        });
        return { present, proposed };
      },
    }),
  ];
}
