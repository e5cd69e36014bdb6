/** What happened in one second. */
interface Second {
  results: number;
  readonly latencies: number[];
  /** The longest the control plane's event loop did not turn, as it says itself. */
  stallMs: number;
}

export interface Figures {
  readonly resultsPerSecond: number;
  readonly slowestSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  readonly longestStallMs: number;
}

/** Everything that happened, second by second. */
export interface Seconds {
  noteResults(count: number, milliseconds: number): void;
  noteStall(milliseconds: number): void;
  /** Seconds since the beginning, for `between`. */
  elapsed(): number;
  /** Of the whole seconds from one instant to another. */
  between(from: number, until: number): Figures;
  table(from: number): string;
}

/** Begins to count now. `now` is in milliseconds and never set back. */
export function createSeconds(now: () => number): Seconds {
  const startedAtMs = now();
  const seconds: Second[] = [];
  const elapsed = () => (now() - startedAtMs) / 1000;
  const current = (): Second => {
    const index = Math.floor(elapsed());
    while (seconds.length <= index) seconds.push({ results: 0, latencies: [], stallMs: 0 });
    return seconds[index] ?? { results: 0, latencies: [], stallMs: 0 };
  };
  return {
    elapsed,
    noteResults(count, milliseconds) {
      const second = current();
      second.results += count;
      second.latencies.push(milliseconds);
    },
    noteStall(milliseconds) {
      const second = current();
      second.stallMs = Math.max(second.stallMs, milliseconds);
    },
    between(from, until) {
      const part = seconds.slice(Math.ceil(from), Math.max(Math.ceil(from) + 1, Math.floor(until)));
      const latencies = part.flatMap((second) => second.latencies).sort((a, b) => a - b);
      const at = (share: number) =>
        latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
      return {
        resultsPerSecond: part.reduce((sum, second) => sum + second.results, 0) / part.length,
        slowestSecond: Math.min(...part.map((second) => second.results)),
        p50: at(0.5),
        p99: at(0.99),
        longest: at(1),
        longestStallMs: Math.max(...part.map((second) => second.stallMs)),
      };
    },
    table(from) {
      return seconds
        .slice(Math.floor(from))
        .map(({ results, latencies, stallMs }, index) => {
          const sorted = [...latencies].sort((a, b) => a - b);
          const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
          return `${index} s: ${results} results, p99 ${p99.toFixed(0)} ms, longest stall ${stallMs.toFixed(0)} ms`;
        })
        .join("\n");
    },
  };
}
