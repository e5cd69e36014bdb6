import type { Logger } from "../logger/index.ts";
import type { Failure } from "../transport/index.ts";

/** Remembers how the talk with the control plane goes, and logs when that changes rather than on every attempt. */
export interface Contact {
  succeeded(): void;
  failed(failure: Failure): void;
  connected(): void;
  disconnected(): void;
  readonly lastContactAtMs: number | null;
  readonly lastError: string | null;
  /** Since when the command stream has been open. */
  readonly connectedSinceMs: number | null;
  /** The control plane has answered that it does not let this agent in. */
  readonly isRefused: boolean;
}

/** Starts with nothing known. */
export function createContact(now: () => number, logger: Logger): Contact {
  let lastContactAtMs: number | null = null;
  let last: Failure | null = null;
  let connectedSinceMs: number | null = null;
  return {
    succeeded() {
      lastContactAtMs = now();
      if (last !== null) logger.info({}, "the control plane answers again");
      last = null;
    },
    failed(failure) {
      const isNews = last === null || last.kind !== failure.kind || last.message !== failure.message;
      last = failure;
      if (!isNews) return;
      if (failure.kind === "refused") {
        logger.error(
          { reason: failure.message },
          "the control plane refuses this agent; enrol it again if it should come back",
        );
      } else {
        logger.warn(
          { reason: failure.message, kind: failure.kind },
          "the control plane cannot be reached; results are kept",
        );
      }
    },
    connected() {
      connectedSinceMs = now();
    },
    disconnected() {
      connectedSinceMs = null;
    },
    get lastContactAtMs() {
      return lastContactAtMs;
    },
    get lastError() {
      return last?.message ?? null;
    },
    get connectedSinceMs() {
      return connectedSinceMs;
    },
    get isRefused() {
      return last?.kind === "refused";
    },
  };
}
