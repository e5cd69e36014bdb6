import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { AcceptCheckResults } from "../check-result/index.ts";
import { type ComputedPace, computedResult, createComputedAdmission, nextPace } from "../computed-check/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Leases } from "../database/lease.ts";
import type { LogStore } from "../log-store/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { type CompiledLogCheck, compileLogChecks } from "./compile-log-checks.ts";
import { runLogCheck } from "./run-log-check.ts";

export interface LogChecksDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly store: LogStore;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly changes: ChangeBus;
  readonly leases: Leases;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface LogChecks {
  readonly part: Part;
  /** Runs what is due, and stores the results; for the part's own clock and for tests. */
  runDue(signal: AbortSignal): Promise<void>;
}

const intervalMs = 1_000;
/** At a time. */
const concurrency = 2;
/** Of what is due in one go: the next follows after it. */
const mostInOneGo = 200;

/** Wires checks that count log records: one control plane at a time runs them. */
export function createLogChecks(dependencies: LogChecksDependencies): LogChecks {
  const { database, definitions, store, acceptCheckResults, changes, leases, logger, now } = dependencies;
  const admission = createComputedAdmission({ database, definitions, now });
  const paces = new Map<number, ComputedPace>();
  let compiled: readonly CompiledLogCheck[] | undefined;
  let running: ReturnType<typeof runEvery> | undefined;

  const unsubscribe = changes.subscribe((type) => {
    if (type === "definitions") compiled = undefined;
  });

  async function read(): Promise<readonly CompiledLogCheck[]> {
    if (compiled !== undefined) return compiled;
    const read = await compileLogChecks(database.db, definitions);
    compiled = read;
    admission.clear();
    const ids = new Set(read.map(({ serviceId }) => serviceId));
    for (const id of paces.keys()) if (!ids.has(id)) paces.delete(id);
    return read;
  }

  function dueAtMs({ serviceId }: CompiledLogCheck): number {
    return admission.putOffUntilMs(serviceId) ?? paces.get(serviceId)?.dueAtMs ?? 0;
  }

  async function runDue(signal: AbortSignal): Promise<void> {
    const due = (await read()).filter((check) => dueAtMs(check) <= now());
    // Who waits longest comes first.
    const first = due.toSorted((one, other) => dueAtMs(one) - dueAtMs(other)).slice(0, mostInOneGo);
    const waiting = [...(await admission.admit(first))];
    const submitted: { readonly check: CompiledLogCheck; readonly pace: ComputedPace }[] = [];
    const work = async () => {
      for (let check = waiting.shift(); check !== undefined && !signal.aborted; check = waiting.shift()) {
        const result = await runLogCheck(store, check, now(), signal);
        const pace = nextPace(check, paces.get(check.serviceId), result, now());
        if (pace !== null) submitted.push({ check, pace });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    if (submitted.length === 0) return;
    const results = submitted.map(({ check, pace }) => computedResult(check, pace, now()));
    await acceptCheckResults({ sender: "log-check", batchId: null, describe: () => "null", results });
    for (const { check, pace } of submitted) paces.set(check.serviceId, pace);
  }

  return {
    runDue,
    part: {
      name: "log-check",
      async start() {
        const job = async (stopping: AbortSignal) => {
          await leases.runLeased("log-check", 15_000, async (lost) => await runDue(AbortSignal.any([stopping, lost])));
        };
        running = runEvery({ name: "log-check", intervalMs, job, logger });
      },
      async stop() {
        unsubscribe();
        await running?.stop();
      },
    },
  };
}
