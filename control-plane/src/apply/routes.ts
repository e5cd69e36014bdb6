import {
  type ApplyAnswer,
  ApplyLine,
  type ApplyProgress,
  type ApplyRequest,
  ApplyUnderWay,
} from "@mycloud/protocol/resource";
import type { Request } from "express";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { DomainError, InputError, TooLargeError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { begin } from "../http/answer-in-pieces.ts";
import { forOperators, forStaffViewers, type Route, route } from "../http/route.ts";
import { KindList } from "../resource/kind-list.ts";
import { refuseBoundApply } from "../resource/refuse-bound-apply.ts";
import type { Scope } from "../scope/index.ts";
import { answerAsLines, lineOf } from "./answer-apply.ts";
import type { Applies, LargeApplied } from "./create-applies.ts";
import { isLarge } from "./is-large.ts";
import { findAppliesUnderWay } from "./journal.ts";
import { createLineReader } from "./line-reader.ts";

const maximumBytes = 1024 * 1024 * 1024;
const reportEveryMs = 250;
/** A body below this is read here; a larger one is for the planner. */
const smallBytes = 512 * 1024;

/** Carries an apply out in one transaction. */
export type ApplyAtOnce = (actor: Actor, scope: Scope, request: ApplyRequest) => Promise<ApplyAnswer>;

interface ApplyStreamDependencies {
  readonly database: ConnectedDatabase;
  readonly applies: Applies;
  readonly applyAtOnce: ApplyAtOnce;
}

/** Applies of any size, read and answered line by line. */
export function createApplyStreamRoutes({ database, applies, applyAtOnce }: ApplyStreamDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/applies",
      summary: "Large changes that are decided and being carried out, and how far they are",
      access: forStaffViewers,
      answer: z.object({ data: z.array(ApplyUnderWay), total: z.number().int() }),
      async handle() {
        const data = await findAppliesUnderWay(database);
        return { data, total: data.length };
      },
    }),
    route({
      method: "post",
      path: "/api/v1/apply-stream",
      summary: "As apply, for any number of definitions: one of JSON a line, answered line by line with how far it is",
      access: forOperators,
      query: z.object({ dryRun: z.stringbool().default(false), prune: KindList.default([]) }),
      answer: ApplyLine,
      bodyKind: "raw",
      answerKind: "stream",
      async handle({ actor, scope, query, request, response, signal, requestId }) {
        refuseBoundApply(scope);
        if (!request.is(["application/x-ndjson", "application/jsonl"])) {
          const type = request.headers["content-type"] ?? "absent";
          throw new InputError(`content-type is ${type}; send application/x-ndjson`);
        }
        const { dryRun, prune } = query;
        const chunks = limited(request);
        const { beginning, items } = await readBeginning(chunks);
        if (items !== null) {
          const small = { resources: [...items], dryRun, prune };
          if (!(await isLarge(database.db, small))) {
            const { changes, ...end } = await applyAtOnce(actor, scope, small);
            begin(response, "application/x-ndjson");
            response.end([...changes.map((change) => lineOf({ change })), lineOf({ end })].join(""));
            return;
          }
        }
        const feed = async (take: (bytes: Uint8Array) => Promise<number>) => {
          for (const chunk of beginning) await take(chunk);
          for await (const chunk of chunks) await take(chunk);
        };
        let reportedAtMs = 0;
        const report = (progress: ApplyProgress) => {
          const nowMs = performance.now();
          if (nowMs - reportedAtMs < reportEveryMs || response.destroyed) return;
          reportedAtMs = nowMs;
          if (!response.headersSent) begin(response, "application/x-ndjson");
          response.write(lineOf({ progress }));
        };
        try {
          const use = async (applied: LargeApplied) => {
            if (!response.headersSent) begin(response, "application/x-ndjson");
            await answerAsLines(response, applied, dryRun);
          };
          await applies.run({ actor, prune, dryRun, feed, report, signal }, use);
        } catch (error) {
          // Before the first line an error is an ordinary answer.
          if (!response.headersSent || !(error instanceof DomainError)) throw error;
          const { code, message, isRetryable, issues } = error;
          const more = issues === undefined || issues.length === 0 ? {} : { issues: [...issues] };
          response.end(lineOf({ error: { code, message, isRetryable, ...more, requestId } }));
        }
      },
    }),
  ];
}

/** A body's bytes, up to what is taken at all. */
async function* limited(request: Request): AsyncGenerator<Uint8Array, undefined> {
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes > maximumBytes)
      throw new TooLargeError(`the body is larger than ${maximumBytes} bytes; apply it in parts`);
    yield chunk;
  }
}

/** Reads until the body is large or ends; `items` has all of one that ended. */
async function readBeginning(
  chunks: AsyncGenerator<Uint8Array, undefined>,
): Promise<{ readonly beginning: readonly Uint8Array[]; readonly items: readonly unknown[] | null }> {
  const lines = createLineReader();
  const beginning: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < smallBytes) {
    const next = await chunks.next();
    if (next.done === true) return { beginning, items: lines.items() };
    beginning.push(next.value);
    bytes += next.value.byteLength;
    lines.take(next.value);
  }
  return { beginning, items: null };
}

/** Gives a planner definitions that came in one body, a piece at a time, so that writing them out holds nobody up. */
export async function feedResources(
  { resources }: Pick<ApplyRequest, "resources">,
  take: (bytes: Uint8Array) => Promise<number>,
): Promise<void> {
  for (let from = 0; from < resources.length; from += 100) {
    const lines = resources.slice(from, from + 100).map((item) => `${JSON.stringify(item)}\n`);
    await take(new TextEncoder().encode(lines.join("")));
  }
}
