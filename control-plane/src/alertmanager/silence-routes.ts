import { type AlertMatcher, GettableSilence, PostableSilence, type SilenceState } from "@mycloud/protocol/alert";
import { z } from "zod";
import { InputError } from "../error/index.ts";
import { forOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import { alertmanagerRoute } from "./alertmanager-route.ts";
import { SilencesQuery } from "./filter-alerts.ts";
import { compileMatcher, type Matcher } from "./matcher.ts";
import { parseMatcher } from "./parse-matcher.ts";
import { readInstant } from "./read-instant.ts";
import type { KnownSilence } from "./silence-store.ts";
import { type Silences, silenceState, type WantedSilence } from "./silences.ts";

const SilenceParams = z.object({ silenceId: z.uuid("silenceID is no UUID") });

/** Silences of Alertmanager's API v2: downtimes by matchers. */
export function createSilenceRoutes({
  silences,
  now,
}: {
  readonly silences: Silences;
  readonly now: () => number;
}): Route[] {
  return [
    route({
      ...alertmanagerRoute,
      method: "get",
      path: "/api/v2/silences",
      summary: "Alertmanager API: silences, and the downtimes made elsewhere as such",
      access: forViewers,
      query: SilencesQuery,
      answer: z.array(GettableSilence),
      async handle({ scope, query }) {
        const isMeant = filterOf(query.filter.map(parseMatcher));
        const creators = new Set(query.creator);
        const known = await silences.list(scope);
        return known
          .filter((silence) => isMeant(silence) && (creators.size === 0 || creators.has(silence.authorName)))
          .map((silence) => toGettable(silence, now()))
          .sort(byState);
      },
    }),
    route({
      ...alertmanagerRoute,
      method: "post",
      path: "/api/v2/silences",
      summary: "Alertmanager API: make a silence, which is a downtime, or change the one of that id",
      access: forOperators,
      body: PostableSilence,
      async handle({ actor, scope, body }) {
        return { silenceID: await silences.set({ actor, scope }, wantedSilence(body, now())) };
      },
    }),
    route({
      ...alertmanagerRoute,
      method: "get",
      path: "/api/v2/silence/:silenceId",
      summary: "Alertmanager API: show a silence",
      access: forViewers,
      params: SilenceParams,
      answer: GettableSilence,
      handle: async ({ scope, params }) => toGettable(await silences.find(scope, params.silenceId), now()),
    }),
    route({
      ...alertmanagerRoute,
      method: "delete",
      path: "/api/v2/silence/:silenceId",
      summary: "Alertmanager API: end a silence",
      access: forOperators,
      params: SilenceParams,
      async handle({ actor, scope, params }) {
        await silences.expire({ actor, scope }, params.silenceId);
        return new Reply(200, undefined);
      },
    }),
  ];
}

function wantedSilence(posted: PostableSilence, nowMs: number): WantedSilence {
  const startAtMs = readInstant(posted.startsAt);
  const endAtMs = readInstant(posted.endsAt);
  if (startAtMs === undefined || startAtMs === null) throw new InputError("startsAt is no instant of RFC 3339");
  if (endAtMs === undefined || endAtMs === null) throw new InputError("endsAt is no instant of RFC 3339");
  if (startAtMs >= endAtMs) throw new InputError("Failed to create silence: start time must be before end time");
  if (endAtMs <= nowMs) throw new InputError("Failed to create silence: end time can't be in the past");
  const matchers = posted.matchers.map(toMatcher);
  if (matchers.every((matcher) => compileMatcher(matcher)(""))) {
    throw new InputError("silence invalid: at least one matcher must not match the empty string");
  }
  return {
    id: posted.id ? posted.id.toLowerCase() : null,
    matchers,
    startAtMs,
    endAtMs,
    comment: posted.comment,
    createdBy: posted.createdBy,
  };
}

function toMatcher({ name, value, isRegex, isEqual }: AlertMatcher): Matcher {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    throw new InputError(`silence invalid: invalid label matcher: invalid label name "${name}"`);
  }
  return { name, value, isRegex, isEqual: isEqual ?? true };
}

/** As Alertmanager filters silences: a filter is held against the value of the silence's own matcher on that label. */
function filterOf(filters: readonly Matcher[]): (silence: KnownSilence) => boolean {
  const tests = filters.map((filter) => ({ filter, matches: compileMatcher(filter) }));
  return ({ matchers }) =>
    tests.every(({ filter, matches }) => {
      const own = matchers.findLast(({ name }) => name === filter.name);
      if (filter.value === "" && (own !== undefined) === !filter.isEqual) return true;
      return matches(own?.value ?? "");
    });
}

function toGettable(silence: KnownSilence, nowMs: number): GettableSilence {
  const endAtMs = Math.min(silence.endAtMs, silence.expiredAtMs ?? silence.endAtMs);
  return {
    id: silence.id,
    status: { state: silenceState(silence, nowMs) },
    updatedAt: new Date(silence.updatedAtMs).toISOString(),
    matchers: silence.matchers.map(({ name, value, isRegex, isEqual }) => ({ name, value, isRegex, isEqual })),
    startsAt: new Date(Math.min(silence.startAtMs, endAtMs)).toISOString(),
    endsAt: new Date(endAtMs).toISOString(),
    createdBy: silence.authorName,
    comment: silence.comment,
    annotations: {},
  };
}

const stateOrder: Record<SilenceState, number> = { active: 0, pending: 1, expired: 2 };

/** Active ones by their end, pending ones by their start, expired ones the last first. */
function byState(a: GettableSilence, b: GettableSilence): number {
  const { state } = a.status;
  const order = stateOrder[state] - stateOrder[b.status.state];
  if (order !== 0) return order;
  if (state === "pending") return a.startsAt < b.startsAt ? -1 : 1;
  const sooner = a.endsAt < b.endsAt ? -1 : 1;
  return state === "active" ? sooner : -sooner;
}
