import { claimantOf } from "@mycloud/protocol/log-record";
import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { LogStore } from "../log-store/index.ts";
import type { TellBackground } from "../notification/index.ts";
import { readProblemLogs } from "./read-problem-logs.ts";
import type { KeptLogs } from "./store.ts";

export interface LogTellerDependencies {
  readonly database: ConnectedDatabase;
  readonly store: LogStore;
  readonly logger: Logger;
}

/** No mail waits longer for it. */
const patienceMs = 3_000;
const mostLines = 12;
const mostCharacters = 300;

/** Makes what tells in a problem's mail what the host logged. */
export function createTellLogs({ database, store, logger }: LogTellerDependencies): TellBackground {
  return async (hostId, { startedAtMs }, signal) => {
    const timely = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    try {
      const host = await database.db
        .selectFrom("host")
        .select(["name", "customer"])
        .where("id", "=", hostId)
        .executeTakeFirst();
      if (host === undefined) return [];
      const problem = { hostName: host.name, customer: host.customer, startedAtMs };
      return backgroundOf(await readProblemLogs(store, problem, timely));
    } catch (err) {
      logger.debug({ err, hostId }, "a mail goes without what the host logged");
      return [];
    }
  };
}

/** What rose, and the last lines. Pure. */
export function backgroundOf({ records, patterns }: KeptLogs) {
  const risen = patterns.map(
    ({ count, countBefore, template }) => `${count} (before: ${countBefore}) ${oneLine(template)}`,
  );
  const lines = records.slice(-mostLines).map((record) => {
    const { timeUs, service, severity, message, alikeCount, alikeSinceUs } = record;
    const claimant = claimantOf(record);
    const line = `${clockOf(timeUs)} ${service}${severity === null ? "" : ` ${severity}`}: ${claimant === null ? "" : `[said by ${claimant}] `}${oneLine(message)}`;
    return alikeSinceUs === null
      ? line
      : `${line} …and ${alikeCount - 1} more like this since ${clockOf(alikeSinceUs)}`;
  });
  return [
    { title: "Logged more often than in the hour before", lines: risen },
    { title: "Its last log lines, UTC", lines },
  ];
}

function clockOf(timeUs: number): string {
  return new Date(Math.floor(timeUs / 1000)).toISOString().slice(11, 19);
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= mostCharacters ? line : `${line.slice(0, mostCharacters).toWellFormed()}...`;
}
