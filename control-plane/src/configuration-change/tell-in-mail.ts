import type { ConfigurationChange } from "@mycloud/protocol/configuration-change";
import type { Logger } from "pino";
import { listRepositories } from "../backup-repository/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { everything } from "../scope/index.ts";
import type { AskRepository } from "../snapshot-view/ask-repository.ts";
import { findConfigurationChanges, type ProblemTimes } from "./find-configuration-changes.ts";
import { findConfigurationPaths } from "./find-configuration-paths.ts";

/** Lines for a mail about what changed in a host's configuration before a problem; none where nothing is known of it in time. Never throws. */
export type TellConfigurationChanges = (hostId: number, times: ProblemTimes, signal: AbortSignal) => Promise<string[]>;

export interface TellerDependencies {
  readonly database: ConnectedDatabase;
  readonly ask: AskRepository;
  readonly logger: Logger;
  readonly now: () => number;
  readonly monotonicNow: () => number;
}

/** No mail waits longer for it. */
const patienceMs = 3_000;
/** When much breaks at once, mails are what matters. */
const mostInAMinute = 20;
const mostKept = 200;
const keptMs = 10 * 60_000;
const mostLines = 40;

/** Makes one. What was found for a host's problem is told the same to all who are told. */
export function createTellConfigurationChanges(deps: TellerDependencies): TellConfigurationChanges {
  const { logger, monotonicNow } = deps;
  const found = new Map<string, { readonly atMs: number; readonly lines: Promise<string[]> }>();
  let begun: number[] = [];

  return async (hostId, times, signal) => {
    const nowMs = monotonicNow();
    const key = `${hostId} ${times.startedAtMs}`;
    const known = found.get(key);
    if (known !== undefined && nowMs - known.atMs < keptMs) return await known.lines;
    begun = begun.filter((atMs) => nowMs - atMs < 60_000);
    if (begun.length >= mostInAMinute) return [];
    begun.push(nowMs);
    const lines = look(deps, hostId, times, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])).catch(
      (error: unknown) => {
        logger.debug({ err: error, hostId }, "a mail goes without what changed in the configuration");
        return [];
      },
    );
    if (found.size >= mostKept) found.clear();
    found.set(key, { atMs: nowMs, lines });
    return await lines;
  };
}

async function look(
  { database, ask, now }: TellerDependencies,
  hostId: number,
  times: ProblemTimes,
  signal: AbortSignal,
): Promise<string[]> {
  const query = { page: 1, perPage: 5, order: "ASC", filter: JSON.stringify({ hostId }) } as const;
  const { data } = await listRepositories(database.db, everything, query, now());
  const lines: string[] = [];
  for (const repository of data) {
    const folders = await findConfigurationPaths(database.db, repository.policyId);
    lines.push(...linesOf(await findConfigurationChanges(ask, repository, folders, times, signal)));
  }
  return lines.length > mostLines ? [...lines.slice(0, mostLines), "... (more of it is in the console)"] : lines;
}

const signs = { added: "+", removed: "-", modified: "~", metadata: "m", type: "t" } as const;

/** The paths that changed, and the lines of those that can be shown. Pure. */
export function linesOf({ changes, diffs, isTruncated }: ConfigurationChange): string[] {
  const files = changes.filter(({ type, change }) => type !== "dir" || change !== "metadata");
  const shown = files.slice(0, 20).map(({ change, path }) => `${signs[change]} ${path}`);
  const rest = files.length - shown.length;
  const more = rest > 0 || isTruncated ? [`... and ${isTruncated ? "many" : rest} more`] : [];
  const texts = diffs.flatMap(({ path, hunks }) =>
    hunks.length === 0
      ? []
      : ["", `${path}:`, ...hunks.flatMap(({ lines }) => lines.filter((line) => !line.startsWith(" ")))],
  );
  return [...shown, ...more, ...texts];
}
