/** How long a body waits for a reader that takes nothing of it. */
const stallMs = 10 * 60_000;

/** How much of a body may be on its way. */
export interface SendWindow {
  /** Waits until there is room for so many bytes, and takes it. Throws when the signal is aborted, or nobody reads for ten minutes. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
  /** So many bytes have arrived. */
  give(bytes: number): void;
}

/** A window of so many bytes; what is larger goes alone. */
export function createSendWindow(windowBytes: number): SendWindow {
  let onTheirWay = 0;
  let wake: () => void = () => undefined;
  return {
    async take(bytes, signal) {
      const giving = AbortSignal.any([signal, AbortSignal.timeout(stallMs)]);
      while (onTheirWay > 0 && onTheirWay + bytes > windowBytes) {
        giving.throwIfAborted();
        await new Promise<void>((resolve) => {
          wake = resolve;
          giving.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      signal.throwIfAborted();
      onTheirWay += bytes;
    },
    give(bytes) {
      onTheirWay -= bytes;
      wake();
    },
  };
}
