import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { LogHistogram } from "@mycloud/protocol/log-search";
import { listRepositories } from "../backup-repository/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { RouteInput } from "../http/route.ts";
import { createSlots } from "../http/slots.ts";
import { readRange } from "../log-search/index.ts";
import type { LogStore } from "../log-store/index.ts";
import { countProblems, listProblems, type ProblemRootsReader } from "../problem/index.ts";
import type { Scope } from "../scope/index.ts";
import { tabulateObjectives } from "./backup-table.ts";
import { tabulateRecords } from "./log-table.ts";
import { tabulateProblems } from "./problem-table.ts";
import type { Table } from "./table.ts";

export interface GrafanaSourceDependencies {
  readonly database: ConnectedDatabase;
  readonly store: LogStore;
  readonly roots: Pick<ProblemRootsReader, "read">;
  readonly publicUrl: () => string;
  readonly now: () => number;
}

/** Who asks, and until when. */
export type Asker = Pick<RouteInput<unknown, unknown, unknown>, "actor" | "scope" | "signal">;

interface LogsAsked {
  readonly query: string;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** What the two shapes have in common: the figures, bounded, within scope. */
export interface GrafanaSource {
  problems(scope: Scope, host: string | undefined, limit: number): Promise<Table>;
  countProblems(scope: Scope): Promise<{ unhandled: number; handled: number }>;
  repositories(scope: Scope, host: string | undefined, limit: number): Promise<readonly BackupRepository[]>;
  objectives(scope: Scope, host: string | undefined, limit: number): Promise<Table>;
  /** Throws InputError for a query that cannot be read, and TooManyRequestsError. */
  logs(asker: Asker, asked: LogsAsked, limit: number): Promise<Table>;
  /** The same. */
  histogram(asker: Asker, asked: LogsAsked, bins: number): Promise<LogHistogram>;
}

/** A panel that waits longer is of no use. */
const patienceMs = 10_000;

export function createGrafanaSource({
  database,
  store,
  roots,
  publicUrl,
  now,
}: GrafanaSourceDependencies): GrafanaSource {
  const { db, dialect } = database;
  // A dashboard asks for all its panels at once, again and again.
  const slots = createSlots("panels of logs", { perKey: 3, waitingPerKey: 30 });

  async function inTurn<Answer>({ actor: { customer, kind, id }, signal }: Asker, work: () => Promise<Answer>) {
    const giveBack = await slots.take(customer === null ? `${kind} ${id}` : `customer ${customer}`, signal);
    try {
      return await work();
    } finally {
      giveBack();
    }
  }

  const questionOf = (asked: LogsAsked, { scope, signal }: Asker) => ({
    ...readRange(asked, now()),
    scope,
    signal,
    deadlineMs: patienceMs,
  });

  async function repositories(scope: Scope, host: string | undefined, limit: number) {
    const filter = JSON.stringify({ isAssigned: true, ...(host === undefined ? {} : { hostName: host }) });
    const page = { page: 1, perPage: limit, order: "ASC" as const, filter };
    return (await listRepositories(db, scope, page, now())).data;
  }

  return {
    async problems(scope, host, limit) {
      // The list has no filter by name: what is bad is rarely more than some hundreds.
      const page = { page: 1, perPage: host === undefined ? limit : 1000, order: "ASC" as const };
      const { data } = await listProblems(db, dialect, scope, page, now(), await roots.read());
      const wanted = data.filter(({ hostName }) => host === undefined || hostName === host).slice(0, limit);
      return tabulateProblems(wanted, publicUrl());
    },
    countProblems: (scope) => countProblems(db, dialect, scope, now()),
    repositories,
    async objectives(scope, host, limit) {
      return tabulateObjectives(await repositories(scope, host, limit), { nowMs: now(), publicUrl: publicUrl() });
    },
    async logs(asker, asked, limit) {
      const question = { ...questionOf(asked, asker), order: "newest" as const, cursor: null, limit };
      return tabulateRecords((await inTurn(asker, () => store.search(question))).records);
    },
    async histogram(asker, asked, bins) {
      const question = { ...questionOf(asked, asker), bins };
      return await inTurn(asker, () => store.histogram(question));
    },
  };
}
