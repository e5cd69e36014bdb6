import type { IncomingMessage, ServerResponse } from "node:http";
import type { Grant } from "../capability/index.ts";
import { refusalOfAccess, requiredVerb } from "../capability/index.ts";
import type { OpenRepository } from "../repository/index.ts";
import {
  clientAddress,
  ForbiddenError,
  MissingError,
  parseTarget,
  RequestError,
  type Target,
  TooManyRequestsError,
} from "../request/index.ts";
import { answerError, answerJson, drain } from "./answer.ts";
import { answerOwnPage } from "./answer-own-page.ts";
import { answerRepositoryRequest } from "./answer-repository-request.ts";
import { readStatus } from "./read-status.ts";
import type { StorageContext } from "./storage-context.ts";

/** What is known about a request when it has ended, for the log and the figures. */
interface RequestRecord {
  target: Target | null;
  principal: string;
  readonly address: string;
}

/** Answers one request; never throws. */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  context: StorageContext,
): Promise<void> {
  const startedMs = context.monotonicNow();
  const { "x-forwarded-for": forwardedFor } = request.headers;
  const address = clientAddress(request.socket.remoteAddress ?? "", forwardedFor, context.trustedProxies);
  const record: RequestRecord = { target: null, principal: "", address };
  // A client that goes away while it is being answered is no fault of the server.
  response.on("error", () => {});
  response.once("close", () => writeDown(request, response, record, context.monotonicNow() - startedMs, context));
  try {
    record.target = parseTarget(request.url ?? "");
    await answer(request, response, record.target, record, context);
    drain(request);
  } catch (error) {
    fail(request, response, error, context);
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  record: RequestRecord,
  context: StorageContext,
): Promise<void> {
  const method = request.method ?? "";
  if (target.kind === "healthz" || target.kind === "readyz" || target.kind === "metrics")
    return await answerOwnPage(request, response, target.kind, context);
  const verb = requiredVerb(method, target);
  const repositoryName = "repository" in target ? target.repository : null;
  const grant = await context.authenticator.authenticate({
    authorization: request.headers.authorization,
    address: record.address,
    repository: repositoryName,
  });
  record.principal = grant.principal;
  const waitSeconds = context.requestRate.admit(`${grant.principal} ${record.address}`);
  if (waitSeconds > 0) throw new TooManyRequestsError("too many requests", waitSeconds);
  if (verb === "method") throw new RequestError(405, "MYCLOUD_INPUT", `${method} means nothing here`);

  const repository = repositoryName === null ? null : await findCovered(repositoryName, grant, context);
  const facts = {
    wantsPacks: repository?.wanted.all().some(({ type }) => type === "data") ?? false,
    isWanted: target.kind === "object" && (repository?.wanted.has(target.object) ?? false),
  };
  const refusal = refusalOfAccess(verb, target, grant, facts);
  if (refusal !== null) throw new ForbiddenError(refusal);
  if (target.kind === "events") return context.streams.open(response);
  if (target.kind === "status") return answerJson(response, 200, await readStatus(context));
  await answerRepositoryRequest({ request, response, target, grant, repository, context });
}

// Whoever may not see a repository learns nothing about whether it exists: it is opened for those it is open to.
async function findCovered(name: string, grant: Grant, context: StorageContext): Promise<OpenRepository | null> {
  const target = { kind: "repository", repository: name, isCreation: false } as const;
  const everything = { ...grant, verbs: ["read"] } as const;
  const refusal = refusalOfAccess("read", target, everything, { wantsPacks: false, isWanted: false });
  if (refusal !== null) throw new ForbiddenError(refusal);
  return await context.repositories.find(name);
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown, context: StorageContext): void {
  const isKnown = error instanceof RequestError;
  // A request whose body was read to its end counts as destroyed too.
  const isGone = response.destroyed || request.socket.destroyed;
  if (!isKnown && !isGone)
    context.logger.error({ err: error, method: request.method, url: request.url }, "request failed");
  if (isKnown && error.status === 401) context.metrics.addAuthenticationFailure("unauthenticated");
  if (isKnown && error.status === 403) context.metrics.addAuthenticationFailure("forbidden");
  if (isKnown && error.status === 429) context.metrics.addAuthenticationFailure("throttled");
  if (response.headersSent || isGone) {
    // Half an answer must not look like a whole one.
    response.destroy();
    return;
  }
  if (isKnown && error instanceof MissingError) response.removeHeader("content-type");
  answerError(response, error);
  drain(request);
}

function writeDown(
  request: IncomingMessage,
  response: ServerResponse,
  { target, principal, address }: RequestRecord,
  milliseconds: number,
  context: StorageContext,
): void {
  const type = target === null ? "unknown" : target.kind === "object" ? target.object.type : labelOf(target);
  const isWhole = response.writableFinished;
  // As nginx has it: the client closed before it had its answer.
  const status = isWhole ? response.statusCode : 499;
  const method = request.method ?? "";
  context.metrics.observeRequest({ method, type, status, seconds: milliseconds / 1000 });
  const fields = {
    method,
    path: target === null ? (request.url ?? "").slice(0, 200) : pathOf(target),
    status,
    milliseconds: Math.round(milliseconds * 10) / 10,
    client: principal,
    address,
  };
  const isRoutine = status < 400 && (method === "GET" || method === "HEAD");
  if (isRoutine) context.logger.debug(fields, "request");
  else context.logger.info(fields, "request");
}

const labelOf = (target: Exclude<Target, { kind: "object" }>): string =>
  target.kind === "list" ? target.type : target.kind;

function pathOf(target: Target): string {
  if (target.kind === "object") return `/${target.repository}/${target.object.type}/${target.object.name}`;
  if (target.kind === "list") return `/${target.repository}/${target.type}/`;
  return "repository" in target ? `/${target.repository}/` : `/${target.kind}`;
}
