import type { Logger } from "../logger/index.ts";
import type { Patience } from "../retry-loop/index.ts";
import { type AgentStatusFile, writeStatus } from "../status/index.ts";

const STATUS_EVERY_MS = 10_000;

/** What keeping the status file needs from outside. */
export interface KeepStatusOptions {
  readonly path: string;
  readonly status: () => AgentStatusFile;
  readonly patience: Pick<Patience, "sleep">;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Writes the status file again and again; resolves when the signal has fired. Never throws, and logs a fault once until it is over. */
export async function keepStatus({ path, status, patience, logger, signal }: KeepStatusOptions): Promise<void> {
  let hasFailed = false;
  while (!signal.aborted) {
    await patience.sleep(STATUS_EVERY_MS, signal);
    await writeStatus(path, status()).then(
      () => {
        hasFailed = false;
      },
      (err: unknown) => {
        if (!hasFailed) logger.error({ err }, "the status file could not be written");
        hasFailed = true;
      },
    );
  }
}
