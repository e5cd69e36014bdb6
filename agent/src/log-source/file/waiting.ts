/** Waits for something to happen. */
export interface Waiting {
  /** Something has happened. */
  wake(): void;
  /**
   * Resolves after `ms` milliseconds, or `settleMs` after something has happened (also before this was called), or at once when the signal fires.
   */
  wait(ms: number, settleMs: number): Promise<void>;
}

/** Makes a waiting; it leaves no timer behind. */
export function createWaiting(signal: AbortSignal): Waiting {
  let isAwake = false;
  let settle: (() => void) | null = null;
  return {
    wake() {
      isAwake = true;
      settle?.();
    },
    wait(ms, settleMs) {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const finish = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", finish);
          settle = null;
          isAwake = false;
          resolve();
        };
        let timer = setTimeout(finish, isAwake ? settleMs : Math.max(0, Math.min(ms, 2 ** 31 - 1)));
        settle = () => {
          settle = null;
          clearTimeout(timer);
          timer = setTimeout(finish, Math.min(settleMs, Math.max(0, ms)));
        };
        if (isAwake) settle = null;
        signal.addEventListener("abort", finish, { once: true });
      });
    },
  };
}
