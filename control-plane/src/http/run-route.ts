import type { InputIssue } from "@mycloud/protocol/error";
import type { Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import { AuthenticationError, InputError } from "../error/index.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { type Authentication, type Authenticators, anonymousActor, authenticate } from "./authenticate.ts";
import { authorise } from "./authorise.ts";
import { refuseCrossSite } from "./cross-site.ts";
import { inputIssuesOf } from "./input-issues.ts";
import { createJsonBodyReader } from "./read-json-body.ts";
import { receiveForLong } from "./receive-limit.ts";
import { requestContextOf } from "./request-context.ts";
import { Reply, type Route, type RouteInput } from "./route.ts";
import type { SessionCookie } from "./session-cookie.ts";

export interface RunRouteDependencies {
  readonly authenticators: Authenticators;
  readonly cookie: SessionCookie;
  readonly publicUrl: string | null;
}

/** The express handler of a route: authentication, authorisation, cross-site check, body, schemas, handler, answer. */
export function runRoute(route: Route, deps: RunRouteDependencies): RequestHandler {
  const readBody = createJsonBodyReader(route.maximumBodyBytes);
  const isBodyRead = route.body !== undefined && route.bodyKind !== "raw";
  return async (request, response) => {
    const context = requestContextOf(response);
    context.routePath = route.path;
    context.describeError = route.describeError ?? null;
    const { actor, csrfToken } = await findActor(route, request, deps);
    context.actor = actor;
    authorise(route.access, actor);
    if (route.isLongReceived === true) receiveForLong(request);
    refuseCrossSite(request, csrfToken, deps.publicUrl);
    const body = isBodyRead ? await readBody(request, response) : undefined;
    const input = {
      ...parseInput(route, request, body),
      actor,
      scope: scopeOf(actor),
      requestId: context.requestId,
      signal: signalOf(response),
      request,
      response,
    } satisfies RouteInput<unknown, unknown, unknown>;
    const answer = await route.handle(input as unknown as RouteInput<never, never, never>);
    // A large answer is written piece by piece by its handler.
    if (route.answerKind !== "stream" && !response.headersSent) send(response, answer);
  };
}

/** On a public route a stale cookie or token is as good as none. */
async function findActor(route: Route, request: Request, deps: RunRouteDependencies): Promise<Authentication> {
  try {
    return await authenticate(request, deps.authenticators, deps.cookie, {
      isBasicTaken: route.isBasicTaken === true,
      isApiKeyTaken: route.isApiKeyTaken === true,
    });
  } catch (error) {
    if (route.access.kind !== "public" || !(error instanceof AuthenticationError)) throw error;
    const actor: Actor = anonymousActor(request.ip ?? null);
    return { actor, csrfToken: null };
  }
}

function parseInput(route: Route, request: Request, body: unknown): { params: unknown; query: unknown; body: unknown } {
  const issues: InputIssue[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown): unknown => {
    if (schema === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    issues.push(...inputIssuesOf(parsed.error, value));
    return undefined;
  };
  const input = {
    params: parse(route.params, request.params),
    query: parse(route.query, request.query),
    body: route.bodyKind === "raw" ? undefined : parse(route.body, body),
  };
  if (issues.length > 0) {
    const faults = issues.slice(0, 5).map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));
    throw new InputError(faults.join("; ") + (issues.length > 5 ? `; and ${issues.length - 5} more` : ""), issues);
  }
  return input;
}

function signalOf(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort(new Error("the client went away"));
  });
  return gone.signal;
}

function send(response: Response, answer: unknown): void {
  const reply = answer instanceof Reply ? answer : new Reply(answer === undefined ? 204 : 200, answer);
  response.status(reply.status);
  // Answers hold what one person may see; no cache between may keep them.
  response.setHeader("cache-control", "no-store");
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  if (reply.body === undefined) response.end();
  else response.json(reply.body);
}
