import { randomUUID } from "node:crypto";
import type { RequestHandler, Response } from "express";
import type { DomainError } from "../error/index.ts";
import type { Actor } from "./actor.ts";

/** What is learned of a request on its way, for the log and the metrics. */
export interface RequestContext {
  readonly requestId: string;
  readonly startedAt: bigint;
  /** The pattern (`/api/v1/hosts/:id`), of which there are few, unlike paths. */
  routePath: string | null;
  actor: Actor | null;
  error: unknown;
  /** The body of errors, where the route has its own. */
  describeError: ((error: DomainError) => unknown) | null;
}

const contexts = new WeakMap<Response, RequestContext>();

/** Gives each request an id, its own or (behind a trusted proxy) the proxy's, answered as X-Request-Id. */
export function trackRequests(isProxyTrusted: boolean): RequestHandler {
  return (request, response, next) => {
    const given = request.headers["x-request-id"];
    const isUsable = isProxyTrusted && typeof given === "string" && /^[\w.-]{1,64}$/.test(given);
    const requestId = isUsable ? given : randomUUID();
    contexts.set(response, {
      requestId,
      startedAt: process.hrtime.bigint(),
      routePath: null,
      actor: null,
      error: null,
      describeError: null,
    });
    response.setHeader("x-request-id", requestId);
    next();
  };
}

export function requestContextOf(response: Response): RequestContext {
  const context = contexts.get(response);
  if (context === undefined) throw new Error("trackRequests is not the first middleware");
  return context;
}
