import { ApplyLine, type ApplyProgress, type ApplyRequest, resourceKinds } from "@mycloud/protocol/resource";
import type { Request } from "express";
import { z } from "zod";
import { DomainError, InputError, TooLargeError } from "../error/index.ts";
import { forOperators, type Route, route } from "../http/route.ts";
import { refuseBoundApply } from "../resource/refuse-bound-apply.ts";
import { answerAsLines, begin, lineOf } from "./answer-apply.ts";
import type { Applies } from "./create-applies.ts";

const maximumBytes = 1024 * 1024 * 1024;
const reportEveryMs = 250;

const Kinds = z
  .string()
  .transform((list) => list.split(",").filter((name) => name !== ""))
  .pipe(z.array(z.enum(resourceKinds)));

/** Applies of any size, read and answered line by line. */
export function createApplyStreamRoutes(applies: Applies): Route[] {
  return [
    route({
      method: "post",
      path: "/api/v1/apply-stream",
      summary: "As apply, for any number of definitions: one of JSON a line, answered line by line with how far it is",
      access: forOperators,
      query: z.object({ dryRun: z.stringbool().default(false), prune: Kinds.default([]) }),
      answer: ApplyLine,
      bodyKind: "raw",
      answerKind: "stream",
      async handle({ actor, scope, query, request, response, signal, requestId }) {
        refuseBoundApply(scope);
        if (!request.is(["application/x-ndjson", "application/jsonl"])) {
          throw new InputError(
            `content-type is ${request.headers["content-type"] ?? "absent"}; send application/x-ndjson`,
          );
        }
        let reportedAtMs = 0;
        const report = (progress: ApplyProgress) => {
          const nowMs = performance.now();
          if (nowMs - reportedAtMs < reportEveryMs || response.destroyed) return;
          reportedAtMs = nowMs;
          if (!response.headersSent) begin(response, "application/x-ndjson");
          response.write(lineOf({ progress }));
        };
        const { dryRun, prune } = query;
        const feed = (take: (bytes: Uint8Array) => Promise<number>) => feedBody(request, take, report);
        try {
          const use = async (applied: Parameters<typeof answerAsLines>[1]) => {
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

async function feedBody(
  request: Request,
  take: (bytes: Uint8Array) => Promise<number>,
  report: (progress: ApplyProgress) => void,
): Promise<void> {
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes > maximumBytes)
      throw new TooLargeError(`the body is larger than ${maximumBytes} bytes; apply it in parts`);
    report({ phase: "reading", done: await take(chunk), total: 0 });
  }
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
