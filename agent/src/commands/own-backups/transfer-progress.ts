import type { Terminal } from "../../command-line/index.ts";
import type { RunDisplay } from "../run-following/index.ts";

/** Shows how much of a transfer has arrived, once it takes longer than two seconds. */
export interface TransferProgress {
  begin(name: string, doneBytes: number, totalBytes: number | null): void;
  add(bytes: number): Promise<void>;
}

const quietMs = 2000;
const redrawMs = 200;
/** How far back the rate looks. */
const rateWindowMs = 5000;

/** A TransferProgress on this display. */
export function createTransferProgress(terminal: Terminal, display: RunDisplay): TransferProgress {
  const startedAtMs = terminal.now();
  const past: { atMs: number; bytes: number }[] = [];
  let shownAtMs = startedAtMs + quietMs;
  let name = "";
  let done = 0;
  let total: number | null = null;
  return {
    begin: (what, doneBytes, totalBytes) => {
      [name, done, total] = [what, doneBytes, totalBytes];
      past.length = 0;
      past.push({ atMs: terminal.now(), bytes: doneBytes });
    },
    add: async (bytes) => {
      done += bytes;
      const nowMs = terminal.now();
      if (nowMs - shownAtMs < redrawMs) return;
      shownAtMs = nowMs;
      past.push({ atMs: nowMs, bytes: done });
      while ((past[0]?.atMs ?? nowMs) < nowMs - rateWindowMs) past.shift();
      const since = past[0] ?? { atMs: nowMs, bytes: done };
      const passedMs = nowMs - since.atMs;
      const rate = passedMs < 500 ? null : ((done - since.bytes) / passedMs) * 1000;
      await display.show({
        progress: {
          phase: "downloading",
          filesDone: 0,
          filesTotal: 0,
          bytesDone: done,
          bytesTotal: total ?? 0,
          isTotalKnown: total !== null,
          errors: 0,
          current: [name],
        },
        figures: {
          bytesPerSecond: rate,
          remainingMs: total === null || rate === null || rate <= 0 ? null : ((total - done) / rate) * 1000,
          fraction: total === null || total === 0 ? null : Math.min(1, done / total),
        },
        startedAtMs,
        waitsFor: null,
      });
    },
  };
}
