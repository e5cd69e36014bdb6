/** What an agent writes to its own log, for the log source that reads it. */
export interface AgentDiagnostics {
  /** Calls back with each line, without its end. Returns what ends that. */
  listen(onLine: (line: string) => void): () => void;
}

/** One that tells its listeners the lines that it is told. */
export function createDiagnostics(): AgentDiagnostics & { tell(line: string): void } {
  const listeners = new Set<(line: string) => void>();
  return {
    listen(onLine) {
      listeners.add(onLine);
      return () => void listeners.delete(onLine);
    },
    tell(line) {
      for (const listener of listeners) listener(line.trimEnd());
    },
  };
}
