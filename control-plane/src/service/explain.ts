import type { Explanation } from "@mycloud/protocol/service";
import { sql } from "kysely";
import { replaceMacros } from "../agent/replace-macros.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { type Probing, probingInWords, probingSeenBy } from "../prober/probing.ts";
import { hostKey, noProblemRoots, type ProblemRootsReader, serviceKey } from "../problem/problem-roots.ts";
import { shownRoot } from "../problem/store.ts";
import type { Scope } from "../scope/index.ts";
import { commandLineOf } from "./command-line.ts";
import { type ChangesDependencies, findChangesSince } from "./explain-changes.ts";
import { thresholdsInWords } from "./thresholds-in-words.ts";

/** What is known of the object besides its open problem; from the stores of hosts and services. */
export interface Explained {
  readonly command: string | null;
  readonly arguments: readonly string[];
  readonly state: string;
  readonly stateType: string;
  readonly attempt: number;
  readonly maxCheckAttempts: number;
  readonly output: string;
  readonly perfdata: string;
  readonly lastOkAtMs: number | null;
  readonly problemId: number | null;
  readonly nextCheckAtMs: number | null;
  /** Who runs the checks of a host that has no agent. */
  readonly probing?: Probing | undefined;
}

export interface ExplainDependencies extends ChangesDependencies {
  readonly roots: Pick<ProblemRootsReader, "read">;
}

/** Explains the present state of a host (`serviceId` null) or a service, which the caller has found in its scope. */
export async function explain(
  dependencies: ExplainDependencies,
  scope: Scope,
  hostId: number,
  serviceId: number | null,
  explained: Explained,
): Promise<Explanation> {
  const { database, definitions, roots, now } = dependencies;
  const executor = database.db;
  const host = (await definitions.hostsById(executor, new Set([hostId]))).get(hostId);
  const lastOkOutput = await findLastOkOutput(executor, hostId, serviceId);
  const problem =
    explained.problemId === null
      ? undefined
      : await executor
          .selectFrom("problem")
          .select(["id", "started_at_ms"])
          .where("id", "=", explained.problemId)
          .executeTakeFirst();
  const notified = problem === undefined ? [] : await findNotified(executor, problem.id);
  const isTold = notified.length > 0;
  const isBad = !["OK", "UP", "PENDING"].includes(explained.state);
  const since = { lastOkAtMs: explained.lastOkAtMs, startedAtMs: problem?.started_at_ms ?? now() };
  const known = isBad ? await roots.read() : noProblemRoots;
  const key = serviceId === null ? hostKey(hostId) : serviceKey(serviceId);
  return {
    command: explained.command,
    arguments: [...explained.arguments],
    prober: explained.probing === undefined ? null : probingInWords(probingSeenBy(scope, explained.probing)),
    commandLine:
      explained.command === null
        ? null
        : commandLineOf(
            explained.command,
            explained.arguments.map((word) => (host === undefined ? word : replaceMacros(word, host))),
          ),
    thresholds: thresholdsInWords(explained.perfdata),
    attempts: attemptsInWords(explained),
    lastOk:
      explained.lastOkAtMs === null ? null : { atMs: explained.lastOkAtMs, output: lastOkOutput ?? explained.output },
    nextCheckAtMs: explained.nextCheckAtMs,
    notified,
    notNotified: problem === undefined || isTold ? null : await findReason(executor, problem.id),
    problem: problem === undefined ? null : { id: problem.id, startedAtMs: problem.started_at_ms },
    rootProblem: shownRoot(known.find(key)?.roots ?? [], scope, known),
    changes: isBad && host !== undefined ? await findChangesSince(dependencies, scope, host, serviceId, since) : [],
  };
}

/** Where the state stands between SOFT and HARD, as a sentence. Pure. */
export function attemptsInWords({ state, stateType, attempt, maxCheckAttempts }: Explained): string {
  if (state === "PENDING") return "No result yet.";
  if (state === "STALE") return "Results stopped coming; what it was before is behind it.";
  if (state === "OK" || state === "UP") return "Fine.";
  if (stateType === "HARD") {
    return maxCheckAttempts === 1
      ? "HARD at once: one result is enough."
      : `HARD: believed after attempt ${attempt} of ${maxCheckAttempts}.`;
  }
  return `SOFT: attempt ${attempt} of ${maxCheckAttempts}; nobody is told before attempt ${maxCheckAttempts}.`;
}

/** The output of the last OK result; null while the state is OK and fresh, when it is the present output. */
async function findLastOkOutput(executor: Executor, hostId: number, serviceId: number | null): Promise<string | null> {
  const row =
    serviceId === null
      ? await executor
          .selectFrom("host_state")
          .select(["state", "is_stale", "last_ok_output"])
          .where("host_id", "=", hostId)
          .executeTakeFirst()
      : await executor
          .selectFrom("service_state")
          .select(["state", "is_stale", "last_ok_output"])
          .where("service_id", "=", serviceId)
          .executeTakeFirst();
  return row === undefined || (row.state === 0 && row.is_stale === 0) ? null : row.last_ok_output;
}

async function findNotified(executor: Executor, problemId: number): Promise<Explanation["notified"]> {
  const rows = await executor
    .selectFrom("notification")
    .select(["contact_name", "phase", "created_at_ms", "sent_at_ms"])
    .where("problem_id", "=", problemId)
    .orderBy("id", "desc")
    .limit(100)
    .execute();
  return rows.map((row) => ({
    contactName: row.contact_name,
    atMs: row.sent_at_ms ?? row.created_at_ms,
    phase: row.phase,
  }));
}

/** The reason of the newest change of the problem that has one. */
async function findReason(executor: Executor, problemId: number): Promise<Explanation["notNotified"]> {
  const row = await executor
    .selectFrom("state_change")
    .select(["notification_reason", "notification_message"])
    .where("problem_id", "=", problemId)
    .where(sql<boolean>`is_notified = 0`)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { reason: row.notification_reason ?? "", message: row.notification_message ?? "" };
}
