import type { Logger } from "pino";
import type { LogStore, LogStoreStatus } from "./log-store.ts";
import { LogStoreFaultError } from "./log-store-error.ts";

/** A store that is opened when it is first wanted, while everything else already runs: where logs cannot be kept, hosts are still watched. */
export interface AttendedLogStore extends LogStore {
  /** Opens it before anybody asks. Resolves when it is open, or the first try has failed; then it is tried again and again. */
  start(): Promise<void>;
}

export interface AttendedLogStoreOptions {
  readonly kind: LogStoreStatus["kind"];
  readonly open: () => Promise<LogStore>;
  readonly logger: Logger;
  /** Between two tries. */
  readonly againMs?: number;
}

/** What is asked while it cannot be opened is refused with LogStoreFaultError, which says why. */
export function createAttendedLogStore({
  kind,
  open,
  logger,
  againMs = 15_000,
}: AttendedLogStoreOptions): AttendedLogStore {
  let store: LogStore | undefined;
  let fault: string | null = null;
  let opening: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  async function opened(): Promise<LogStore> {
    if (store === undefined) await start();
    if (store === undefined)
      throw new LogStoreFaultError(`logs cannot be kept or read now: ${fault ?? "it is closed"}`);
    return store;
  }

  function start(): Promise<void> {
    if (!isClosed) opening ??= tryOpening();
    return opening ?? Promise.resolve();
  }

  async function tryOpening(): Promise<void> {
    try {
      const made = await open();
      if (isClosed) return await made.close();
      store = made;
      fault = null;
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
    start,
    append: async (batch) => await (await opened()).append(batch),
    search: async (question) => await (await opened()).search(question),
    histogram: async (question) => await (await opened()).histogram(question),
    top: async (question) => await (await opened()).top(question),
    fieldNames: async (question) => await (await opened()).fieldNames(question),
    patterns: async (question) => await (await opened()).patterns(question),
    context: async (request) => await (await opened()).context(request),
    count: async (question) => await (await opened()).count(question),
    tail(question) {
      // An open store's tail begins with this call, not when the first records are asked for.
      return store?.tail(question) ?? tailOf(opened, question);
    },
    maintain: async (retention, nowMs) => await (await opened()).maintain(retention, nowMs),
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

async function* tailOf(opened: () => Promise<LogStore>, question: Parameters<LogStore["tail"]>[0]) {
  yield* (await opened()).tail(question);
}
