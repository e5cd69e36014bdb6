import { expositionContentType } from "@mycloud/protocol/exposition";
import { MetricsPush, MetricsPushAnswer } from "@mycloud/protocol/host-metrics";
import type { Counter } from "prom-client";
import { AuthenticationError, InputError, NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forAgents, forViewers, type Route, route } from "../http/route.ts";
import { type AcceptPushDependencies, acceptPush } from "./accept-push.ts";
import { findHostMetrics, unpackExposition } from "./store.ts";

export interface HostMetricsRoutesDependencies extends AcceptPushDependencies {
  readonly pushes: Counter<"outcome">;
}

/** What the largest exposition takes as JSON, after decompression. */
const maximumPushBytes = 12 * 1024 * 1024;

/** Pushes come in, and are exposed again. */
export function createHostMetricsRoutes(deps: HostMetricsRoutesDependencies): Route[] {
  const { database, pushes, now } = deps;
  return [
    route({
      method: "post",
      path: "/api/v1/agent/metrics",
      summary: "Take what an agent would have answered to a scrape; a batch id counts once",
      access: forAgents,
      body: MetricsPush,
      answer: MetricsPushAnswer,
      maximumBodyBytes: maximumPushBytes,
      async handle({ body, actor }) {
        if (actor.hostId === null) throw new AuthenticationError("only an enrolled agent may do this");
        try {
          const { samples } = await acceptPush(deps, actor.hostId, body);
          pushes.inc({ outcome: samples === null ? "duplicate" : "taken" });
          return { isDuplicate: samples === null };
        } catch (error) {
          pushes.inc({ outcome: error instanceof InputError ? "refused" : "failed" });
          throw error;
        }
      },
    }),
    route({
      method: "get",
      path: "/metrics/hosts/:id",
      summary:
        "What a host's agent pushed last, for Prometheus (text format 0.0.4); 404 once three intervals brought no more",
      access: forViewers,
      params: IdParams,
      answerKind: "stream",
      isBasicTaken: true,
      async handle({ params: { id }, scope, request, response }) {
        const found = await findHostMetrics(database.db, scope, id);
        if (found === null || found.staleAtMs <= now()) {
          throw new NotFoundError(`host ${id} has pushed no metrics lately`);
        }
        const etag = `"${found.batchIds[0]}"`;
        response.setHeader("cache-control", "no-store");
        response.setHeader("etag", etag);
        response.setHeader("vary", "accept-encoding");
        if (request.headers["if-none-match"] === etag) {
          response.status(304).end();
          return;
        }
        response.setHeader("content-type", expositionContentType);
        if (request.acceptsEncodings("gzip") === "gzip") {
          // It is stored as it is sent.
          response.setHeader("content-encoding", "gzip");
          response.end(found.expositionGzip);
        } else {
          response.end(await unpackExposition(found));
        }
      },
    }),
  ];
}
