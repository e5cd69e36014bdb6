import type { AgentCheckResult } from "@mycloud/protocol/check-result";

/** Gathers results for a moment, so that those that arrive together share one write to the disk. */
export interface ResultBuffer {
  add(result: AgentCheckResult): void;
  /** Hands over what was gathered; resolves when it was taken. */
  flush(): Promise<void>;
}

/** What a buffer needs from outside. */
export interface ResultBufferOptions {
  readonly waitMs: number;
  readonly maximumResults: number;
  /** Takes what was gathered; never throws. */
  readonly deliver: (results: readonly AgentCheckResult[]) => Promise<void>;
}

/** Makes an empty buffer. It hands over `waitMs` after the first result, or at `maximumResults`. */
export function createResultBuffer(options: ResultBufferOptions): ResultBuffer {
  let gathered: AgentCheckResult[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const results = gathered;
    gathered = [];
    if (results.length > 0) await options.deliver(results);
  }

  return {
    add(result) {
      gathered.push(result);
      if (gathered.length >= options.maximumResults) void flush();
      else timer ??= setTimeout(() => void flush(), options.waitMs);
    },
    flush,
  };
}
