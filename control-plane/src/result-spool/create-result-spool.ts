import { readFile, rename, stat, unlink } from "node:fs/promises";
import type { Logger } from "pino";
import { DomainError } from "../error/index.ts";
import type { CommandingOperator, ExternalCommands } from "../external-command/index.ts";
import { systemActor } from "../http/actor.ts";
import type { Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { StartError } from "../start-error.ts";
import { findResultFiles, type ResultFile } from "./find-result-files.ts";
import { parseResultFile } from "./parse-result-file.ts";

export interface ResultSpoolDependencies {
  readonly directory: string;
  readonly commands: Pick<ExternalCommands, "storeResults">;
  readonly mayRegister: boolean;
  readonly logger: Logger;
}

const intervalMs = 1_000;
const filesPerLook = 1_000;
const maximumFileBytes = 64 * 1024 * 1024;
const resultsPerBatch = 5_000;

/** Reads Nagios' check-result files as they are put into a directory, and deletes each once its results are stored. */
export function createResultSpool(
  dependencies: ResultSpoolDependencies,
): Part & { readonly look: () => Promise<void> } {
  const { directory, logger } = dependencies;
  let looking: ReturnType<typeof runEvery> | undefined;

  async function look(signal?: AbortSignal): Promise<void> {
    for (const file of await findResultFiles(directory, filesPerLook)) {
      if (signal?.aborted) return;
      if (!(await take(dependencies, file))) return;
    }
  }

  return {
    name: "result-spool",
    look,
    async start() {
      const stats = await stat(directory).catch(() => null);
      if (!stats?.isDirectory()) {
        throw new StartError(
          "configuration",
          `${directory} is no directory; make it, or name another with --check-result-dir`,
        );
      }
      looking = runEvery({ name: "result-spool", intervalMs, job: look, logger });
      logger.info({ directory }, "check-result directory is read");
    },
    stop: async () => looking?.stop(),
  };
}

/** Stores one file; false when the database does not take it now, and it is to be tried again. */
async function take({ commands, mayRegister, logger }: ResultSpoolDependencies, file: ResultFile): Promise<boolean> {
  const { path, okPath, id, sizeBytes } = file;
  if (sizeBytes > maximumFileBytes) return await setAside(file, `larger than ${maximumFileBytes} bytes`, logger);
  const parsed = parseResultFile(await readFile(path, "utf8"));
  if (!parsed.isReadable) return await setAside(file, parsed.message, logger);
  const operator: CommandingOperator = {
    actor: { ...systemActor, name: "check-result directory" },
    scope: { kind: "all" },
    mayOperate: true,
    mayRegister,
  };
  try {
    for (let at = 0; at < parsed.results.length; at += resultsPerBatch) {
      const batch = parsed.results.slice(at, at + resultsPerBatch);
      // The id makes a file that was stored, but not deleted before a crash, count once.
      const outcomes = await commands.storeResults(batch, operator, `${id}:${at}`);
      const refused = outcomes.filter(({ isDone }) => !isDone);
      if (refused.length > 0) {
        logger.warn({ path, count: refused.length, first: refused[0]?.message }, "check results refused");
      }
    }
  } catch (error) {
    if (error instanceof DomainError && error.isRetryable) return false;
    throw error;
  }
  // The mark first: a file without one is nobody's yet and is left alone.
  await unlink(okPath);
  await unlink(path);
  return true;
}

async function setAside({ path, okPath }: ResultFile, reason: string, logger: Logger): Promise<boolean> {
  await rename(path, `${path}.damaged`);
  await unlink(okPath);
  logger.warn({ path: `${path}.damaged`, reason }, "check-result file cannot be read and was moved aside");
  return true;
}
