import { createTimePeriods } from "@mycloud/checks/time-period";
import type { Logger } from "pino";
import type { ChangeBus } from "../../change/index.ts";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import type { StatusView, ViewedObject } from "../../status-view/index.ts";
import { writeAnswer } from "../format/index.ts";
import { type AnswerStyle, type ParsedRequest, type Query, RequestError, type ResponseCode } from "../request/index.ts";
import { findViewer, sees } from "../viewer/index.ts";
import type { AnyTable } from "./any-table.ts";
import type { ProgramFacts, QueryContext } from "./context.ts";
import type { Budget, PreparedQuery } from "./prepare-query.ts";
import { waitForChange } from "./wait-for-change.ts";

export interface AnswerDependencies {
  readonly database: ConnectedDatabase;
  readonly view: StatusView;
  readonly changes: ChangeBus;
  readonly tables: ReadonlyMap<string, AnyTable>;
  readonly program: ProgramFacts;
  readonly limits: AnswerLimits;
  readonly logger: Logger;
  readonly now: () => number;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

/** What answering one request may cost. */
export interface AnswerLimits {
  /** Waiting for `WaitTrigger:` is not counted. */
  readonly queryMs: number;
  readonly answerBytes: number;
  readonly scannedRows: number;
}

export const defaultAnswerLimits: AnswerLimits = {
  queryMs: 20_000,
  answerBytes: 100 * 1024 * 1024,
  scannedRows: 500_000,
};

export interface Answer {
  readonly code: ResponseCode;
  readonly body: Buffer;
  readonly style: AnswerStyle;
}

/** Answers a query, or says in one line why not. Never throws but for an abort of `signal`. */
export async function answerRequest(
  deps: AnswerDependencies,
  request: Exclude<ParsedRequest, { readonly kind: "command" }>,
  signal: AbortSignal,
): Promise<Answer> {
  if (request.kind === "error") return refusal(request.error, request.style);
  const { query } = request;
  try {
    return { code: 200, body: await answerQuery(deps, query, signal), style: query };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RequestError) return refusal(error, query);
    deps.logger.error({ err: error, table: query.table }, "a Livestatus query failed");
    return refusal(new RequestError(502, "the query failed; the control plane's log says why"), query);
  }
}

function refusal(error: RequestError, style: AnswerStyle): Answer {
  return { code: error.code, body: Buffer.from(`${error.message}\n`, "utf8"), style };
}

async function answerQuery(deps: AnswerDependencies, query: Query, signal: AbortSignal): Promise<Buffer> {
  const table = deps.tables.get(query.table);
  if (table === undefined) throw new RequestError(404, `there is no table "${query.table.slice(0, 100)}"`);
  const prepared = table.prepare(query);
  if (query.wait !== null) await waitUntilOver(deps, query, prepared, signal);
  const { clock, limits } = deps;
  const budget: Budget = {
    deadlineMs: clock() + limits.queryMs,
    clock,
    maximumScannedRows: limits.scannedRows,
  };
  const context = await createContext(deps, query, prepared);
  const result = await prepared.run(context, budget);
  return await writeAnswer(result, query, budget, limits.answerBytes);
}

/** What columns are read against, as of now: everything committed before is in it. */
async function createContext(deps: AnswerDependencies, query: Query, prepared: PreparedQuery): Promise<QueryContext> {
  const { view, database, program, now } = deps;
  await view.refresh();
  const viewer = await findViewer(database.db, view, query.authUser);
  const nowMs = now();
  const periods = createTimePeriods(view.definitions.timePeriods);
  const inPeriod = new Map<string | null, boolean>([[null, true]]);
  return {
    view,
    viewer,
    sees: viewer.kind === "everything" ? () => true : (object) => sees(viewer, view, object),
    nowMs,
    program,
    longOutputs: prepared.needs.has("long-outputs") ? await view.readLongOutputs(withMoreOutput(view)) : new Map(),
    toldOfProblems: prepared.needs.has("told-of-problems") ? await view.readToldOfProblems() : new Map(),
    isInPeriod(name) {
      const known = inPeriod.get(name);
      if (known !== undefined) return known;
      const isInside = periods.isInside(name, nowMs);
      inPeriod.set(name, isInside);
      return isInside;
    },
  };
}

function* withMoreOutput(view: StatusView): Generator<ViewedObject> {
  for (const host of view.hosts) if (host.state.hasMoreOutput) yield host;
  for (const service of view.services) if (service.state.hasMoreOutput) yield service;
}

/** Waits for what the request names: a trigger, or a condition that is looked at again at every trigger. */
async function waitUntilOver(
  deps: AnswerDependencies,
  query: Query,
  prepared: PreparedQuery,
  signal: AbortSignal,
): Promise<void> {
  const { wait } = query;
  if (wait === null) return;
  const timeout = wait.timeoutMs === null ? undefined : AbortSignal.timeout(wait.timeoutMs);
  const until = timeout === undefined ? signal : AbortSignal.any([signal, timeout]);
  // Listening starts before looking: what happens in between is not missed.
  const changes = waitForChange(deps.changes, wait.trigger ?? "all", until);
  try {
    if (wait.condition === null) {
      await changes.next();
    } else {
      while (!prepared.isWaitOver(await createContext(deps, query, prepared))) {
        if ((await changes.next()) === "ended") break;
      }
    }
  } finally {
    changes.stop();
  }
  signal.throwIfAborted();
}
