import { setTimeout as sleep } from "node:timers/promises";
import { maximumResultsPerRequest, type PassiveCheckResult } from "@mycloud/protocol/check-result";
import type { Logger } from "pino";
import { DomainError } from "../error/index.ts";
import type { CommandingOperator, ExternalCommands } from "../external-command/index.ts";
import { systemActor } from "../http/actor.ts";
import type { HeldRecords } from "../log-receiver/intake/intake.ts";
import type { LogStore, NewLogRecord } from "../log-store/index.ts";
import type { SnmpTrapMetrics } from "./metrics.ts";

export interface StoreTrapsDependencies {
  readonly store: Pick<LogStore, "append">;
  /** Keeps what is about to be stored, to be sent on then. */
  readonly hold: (records: readonly NewLogRecord[]) => Promise<HeldRecords>;
  readonly commands: Pick<ExternalCommands, "storeResults">;
  readonly metrics: SnmpTrapMetrics;
  readonly logger: Logger;
  readonly now: () => number;
}

const longestPauseMs = 5_000;

/**
 * Stores what traps mean: records first, then results, in order. Tries again where that may help, until the signal fires. Throws what cannot be helped;
 * then some of it may be stored.
 */
export async function storeTraps(
  records: readonly NewLogRecord[],
  results: readonly PassiveCheckResult[],
  dependencies: StoreTrapsDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { store, hold, now } = dependencies;
  const held = await hold(records);
  try {
    await patiently(() => store.append({ chunk: null, receivedAtMs: now(), records }), signal);
    held.release();
  } catch (error) {
    held.discard();
    throw error;
  }
  for (let at = 0; at < results.length; at += maximumResultsPerRequest) {
    await storeResults(results.slice(at, at + maximumResultsPerRequest), dependencies, signal);
  }
}

/** A rule that a person wrote says which services there are: those of a known host that it names first come into being. */
const operator: CommandingOperator = {
  actor: { ...systemActor, name: "snmp-trap" },
  scope: { kind: "all" },
  mayOperate: true,
  mayRegister: true,
};

async function storeResults(
  results: readonly PassiveCheckResult[],
  { commands, metrics, logger }: StoreTrapsDependencies,
  signal: AbortSignal,
): Promise<void> {
  const outcomes = await patiently(() => commands.storeResults(results, operator), signal);
  const refused = outcomes.filter(({ isDone }) => !isDone);
  for (const { isDone } of outcomes) metrics.result(isDone);
  if (refused.length === 0) return;
  logger.warn({ refused: refused.length, reason: refused[0]?.message }, "results of SNMP traps not stored");
}

async function patiently<Answer>(work: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DomainError && error.isRetryable)) throw error;
      await sleep(Math.min(50 * 2 ** attempt, longestPauseMs), undefined, { signal });
    }
  }
}
