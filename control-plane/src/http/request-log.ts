import type { RequestHandler } from "express";
import type { Logger } from "pino";
import type { HttpMetrics } from "./http-metrics.ts";
import { type RequestContext, requestContextOf } from "./request-context.ts";

/**
 * One line and one observation for each request, when its answer is out. What people change and what is refused is `info`, what fails
 * `error`, "not now" `warn`, the steady traffic of pages, agents and ingest `debug`.
 */
export function logRequests(logger: Logger, metrics: HttpMetrics): RequestHandler {
  return (request, response, next) => {
    const path = request.path;
    const address = request.ip ?? null;
    response.once("close", () => {
      const context = requestContextOf(response);
      const seconds = Number(process.hrtime.bigint() - context.startedAt) / 1e9;
      const status = response.headersSent ? response.statusCode : 499;
      metrics.observe(request.method, context.routePath ?? "none", status, seconds);
      const { actor, requestId, error } = context;
      const fields = {
        requestId,
        method: request.method,
        path,
        status,
        milliseconds: Math.round(seconds * 1000),
        actor: actor === null ? null : `${actor.kind}:${actor.name}`,
        address,
        ...(status >= 500 && error ? { err: error } : {}),
      };
      logger[levelOf(request.method, status, context)](fields, "request");
    });
    next();
  };
}

function levelOf(method: string, status: number, { actor }: RequestContext): "error" | "warn" | "info" | "debug" {
  // 503 is an answer, not a fault: starting, stopping, or too busy for the moment.
  if (status === 503) return "warn";
  if (status >= 500) return "error";
  if (status >= 400 && status !== 401) return "info";
  return actor?.kind === "user" && method !== "GET" && method !== "HEAD" ? "info" : "debug";
}
