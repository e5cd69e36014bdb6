/** Something that sleeps until it is woken; being woken while awake counts for the next sleep. */
export interface Wake {
  wake(): void;
  /** Resolves when woken, or after so many milliseconds. */
  sleep(ms?: number): Promise<void>;
}

/** Makes one. It leaves no timer behind. */
export function createWake(): Wake {
  let isWoken = false;
  let resume: (() => void) | undefined;
  return {
    wake() {
      isWoken = true;
      resume?.();
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          resume = undefined;
          isWoken = false;
          resolve();
        };
        const timer = ms === undefined ? undefined : setTimeout(end, Math.max(ms, 0));
        resume = end;
        if (isWoken) end();
      }),
  };
}
