import type { SourceContext } from "./source-context.ts";

/** Calls back for each line that the agent writes to its own log, without its line end. Returns what ends that. */
export type Diagnostics = (onLine: (line: string) => void) => () => void;

/** So much of it waits at most: the agent itself must never wait for its log to be shipped. */
const MAXIMUM_WAITING_CHARACTERS = 1_048_576;
const MAXIMUM_BATCH_LINES = 1_000;

/** Hands on the agent's own diagnostics until the signal fires. What is too much is left out and counted: the newest. */
export async function followDiagnostics(context: SourceContext, diagnostics: Diagnostics): Promise<void> {
  let waiting: string[] = [];
  let characters = 0;
  let wake: () => void = () => undefined;
  const end = diagnostics((line) => {
    if (characters + line.length > MAXIMUM_WAITING_CHARACTERS) {
      context.counters.dropped++;
      return;
    }
    characters += line.length;
    waiting.push(line);
    wake();
  });
  const onAbort = () => wake();
  context.signal.addEventListener("abort", onAbort, { once: true });
  try {
    while (!context.signal.aborted) {
      const lines = waiting.slice(0, MAXIMUM_BATCH_LINES);
      if (lines.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      waiting = waiting.slice(lines.length);
      const sizeBytes = lines.reduce((sum, line) => sum + line.length, 0);
      characters -= sizeBytes;
      await context.emit({ path: null, lines, cut: [], sizeBytes, positions: [] });
    }
  } finally {
    end();
    context.signal.removeEventListener("abort", onAbort);
  }
}
