import type { Logger } from "../logger/index.ts";
import { sleep } from "../retry-loop/index.ts";

/** Writes to disk that must not be lost, told once when they fail and once when they work again. */
export interface DurableWrites {
  /** Tries until it works. `makeRoom` frees space and answers whether it did. Throws the signal's reason when that fires. */
  persist<Result>(write: () => Promise<Result>, makeRoom: () => Promise<boolean>): Promise<Result>;
  /** Tries once; false when it failed. */
  attempt(write: () => Promise<void>): Promise<boolean>;
  /** Why writing does not work now. */
  readonly fault: string | null;
}

const firstWaitMs = 250;
const longestWaitMs = 4_000;

/** Makes it. */
export function createDurableWrites(logger: Logger, signal: AbortSignal): DurableWrites {
  let fault: string | null = null;

  function failed(err: unknown): void {
    const reason = err instanceof Error ? err.message : String(err);
    if (codeOf(err) !== fault?.split(":")[0]) logger.error({ err }, "logs cannot be written to the queue");
    fault = `${codeOf(err)}: ${reason.replace(/^[A-Z]+: /, "")}`;
  }

  function succeeded(): void {
    if (fault !== null) logger.info({}, "logs can be written to the queue again");
    fault = null;
  }

  return {
    async persist(write, makeRoom) {
      for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
        try {
          const result = await write();
          succeeded();
          return result;
        } catch (error) {
          failed(error);
          if (isFull(error) && (await makeRoom())) continue;
          await sleep(waitMs, signal);
          signal.throwIfAborted();
        }
      }
    },
    async attempt(write) {
      try {
        await write();
        succeeded();
        return true;
      } catch (error) {
        failed(error);
        return false;
      }
    },
    get fault() {
      return fault;
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "error";
}

/** No space left, no quota left, or larger than files may be. */
function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(codeOf(error));
}
