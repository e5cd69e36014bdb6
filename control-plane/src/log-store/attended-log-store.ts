import type { Logger } from "pino";
import type { LogStore, LogStoreStatus } from "./log-store.ts";
import { LogStoreFaultError } from "./log-store-error.ts";

/** A store that is opened while everything else already runs: where logs cannot be kept, hosts are still watched. */
export interface AttendedLogStore extends LogStore {
  /** Resolves when it is open, or the first try has failed; then it is tried again and again. */
  start(): Promise<void>;
}

export interface AttendedLogStoreOptions {
  readonly kind: LogStoreStatus["kind"];
  readonly open: () => Promise<LogStore>;
  readonly logger: Logger;
  /** Between two tries. */
  readonly againMs?: number;
}

/** What is asked before it is open is refused with LogStoreFaultError, which says why it is not. */
export function createAttendedLogStore({
  kind,
  open,
  logger,
  againMs = 15_000,
}: AttendedLogStoreOptions): AttendedLogStore {
  let store: LogStore | undefined;
  let fault = "it is being opened";
  let opening: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function opened(): LogStore {
    if (store === undefined) throw new LogStoreFaultError(`logs cannot be kept or read now: ${fault}`);
    return store;
  }

  async function tryOpening(): Promise<void> {
    try {
      const made = await open();
      if (isClosed) return await made.close();
      store = made;
    } catch (err) {
      const why = err instanceof Error ? err.message : String(err);
      if (why !== fault) logger.error({ err }, "the store of logs cannot be opened; it is tried again");
      fault = why;
      if (isClosed) return;
      timer = setTimeout(() => {
        opening = tryOpening();
      }, againMs);
    }
  }

  return {
    start: () => (opening ??= tryOpening()),
    append: async (batch) => await opened().append(batch),
    search: async (question) => await opened().search(question),
    histogram: async (question) => await opened().histogram(question),
    top: async (question) => await opened().top(question),
    fieldNames: async (question) => await opened().fieldNames(question),
    patterns: async (question) => await opened().patterns(question),
    context: async (request) => await opened().context(request),
    count: async (question) => await opened().count(question),
    tail: (question) => opened().tail(question),
    maintain: async (retention, nowMs) => await opened().maintain(retention, nowMs),
    async status() {
      if (store !== undefined) return await store.status();
      return { kind, records: 0, bytes: 0, oldestUs: null, waiting: 0, fault, quarantined: [] };
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await opening;
      await store?.close();
    },
  };
}
