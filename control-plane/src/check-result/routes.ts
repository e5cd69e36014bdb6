import { CheckResult, CheckResultFilter, IngestAnswer } from "@mycloud/protocol/check-result";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { InputError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { type AcceptPassiveDependencies, acceptPassiveResults } from "./accept-passive-results.ts";
import { parsePassiveItems } from "./parse-passive-items.ts";
import { readTextBody } from "./read-text-body.ts";
import { listCheckResults } from "./store.ts";

/** Enough for 5,000 results of 1.6 kB. */
const maximumBodyBytes = 8 * 1024 * 1024;

/** Results: passive ones on their way in, and what was stored of the last 48 hours. */
export function createCheckResultRoutes(dependencies: AcceptPassiveDependencies): Route[] {
  const { db } = dependencies.database;
  return [
    route({
      method: "post",
      path: "/api/v1/check-results",
      summary:
        "Store passive check results: a JSON array, or NDJSON (application/x-ndjson), of at most 5,000; header Idempotency-Key makes a request safe to repeat",
      access: { kind: "tokenScope", tokenScope: "ingest", orRole: "operator" },
      bodyKind: "raw",
      answerKind: "stream",
      maximumBodyBytes,
      answer: IngestAnswer,
      async handle({ actor, scope, request, response }) {
        const type = request.headers["content-type"] ?? "application/json";
        const isNdjson = /^application\/(x-)?(ndjson|jsonl|json-lines)\b/i.test(type);
        if (!isNdjson && !/^application\/([a-z.+-]*\+)?json\b/i.test(type)) {
          throw new InputError(`content-type is ${type}; send application/json or application/x-ndjson`);
        }
        const batchId = batchIdOf(request.headers["idempotency-key"]);
        const parsed = parsePassiveItems(await readTextBody(request, maximumBodyBytes), isNdjson);
        const sender = senderOf(actor);
        const mayRegister = isRegistering(actor);
        const answer = await acceptPassiveResults(dependencies, { parsed, scope, sender, batchId, mayRegister });
        // The text as it is stored with the batch id: made once, and not parsed and written again.
        response.status(200).setHeader("content-type", "application/json; charset=utf-8");
        response.setHeader("cache-control", "no-store");
        response.end(answer);
      },
    }),
    route({
      method: "get",
      path: "/api/v1/check-results",
      summary: "List stored results of the last 48 hours",
      access: forViewers,
      query: ListQuery,
      filter: CheckResultFilter,
      answer: listAnswer(CheckResult),
      handle: ({ scope, query }) => listCheckResults(db, scope, query),
    }),
  ];
}

function batchIdOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === "string" && /^[\x21-\x7e]{1,128}$/.test(header)) return header;
  throw new InputError("Idempotency-Key is not 1 to 128 printable characters without spaces");
}

/** Batch ids are remembered by whoever sent them: two senders may use the same. */
function senderOf(actor: Actor): string {
  return `${actor.kind}:${actor.id ?? ""}`;
}

function isRegistering(actor: Actor): boolean {
  return actor.scopes.includes("ingest:register");
}
