import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import { createChangeBus } from "../../change/index.ts";
import { createStoreBatches } from "../../check-result/store-batches.ts";
import { type IngestFixtureOptions, ingestFixture } from "../../check-result/testing/ingest-fixture.ts";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { createSealer } from "../../sealing/index.ts";
import { StatusView } from "../../status-view/index.ts";
import { type AnswerLimits, answerRequest, defaultAnswerLimits } from "../query/index.ts";
import { parseRequest } from "../request/index.ts";
import { createTables } from "../table/index.ts";

/** Ingest and a view of what it stores, with a clock of its own, and a way to ask. */
export async function livestatusFixture(
  database: ConnectedDatabase,
  options: IngestFixtureOptions & { readonly limits?: Partial<AnswerLimits> } = {},
) {
  const ingest = await ingestFixture(database, { maxCheckAttempts: 1, ...options });
  const { definitions, decider, now, newThreadKey, logger } = ingest;
  const changes = createChangeBus(logger);
  changes.subscribe((type) => {
    if (type === "definitions") definitions.forget();
  });
  const storeBatches = createStoreBatches({ database, definitions, decider, changes, now, newThreadKey });
  const view = new StatusView({ database, changes, sealer: createSealer(randomBytes(32)), now });
  const deps = {
    database,
    view,
    changes,
    tables: createTables(database),
    program: {
      version: "1.2.3",
      startedAtMs: now() - 60_000,
      areCommandsTaken: false,
      requests: () => 3,
      connections: () => 2,
      activeConnections: () => 1,
      lastCommandAtMs: () => null,
    },
    limits: { ...defaultAnswerLimits, ...options.limits },
    logger,
    now,
    clock: () => performance.now(),
  };

  async function ask(text: string, signal = new AbortController().signal) {
    const request = parseRequest(text.trim().split("\n"), now());
    if (request.kind === "command") throw new Error("a command has no answer");
    const { code, body } = await answerRequest(deps, request, signal);
    return { code, text: body.toString("utf8") };
  }

  return {
    ...ingest,
    changes,
    storeBatches,
    view,
    deps,
    ask,
    /** The rows of a JSON answer; throws where there is none. */
    async rows(text: string): Promise<unknown[][]> {
      const answer = await ask(`${text.trim()}\nOutputFormat: json`);
      if (answer.code !== 200) throw new Error(`${answer.code} ${answer.text}`);
      return JSON.parse(answer.text);
    },
  };
}
