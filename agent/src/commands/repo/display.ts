import type { OnProgress, Progress } from "@mycloud/backup/progress";
import { type Terminal, write } from "../../command-line/index.ts";
import { formatProgressLine, progressFigures, statusMessage } from "./progress-line.ts";

/** Shows a person, or with `--json` a program, how far a command is. */
export interface Display {
  readonly onProgress: OnProgress;
  /** Whether anybody sees the progress: only then is it worth finding out how much there will be. */
  readonly isShown: boolean;
  /** Says something on stderr without disturbing the progress line. */
  note(text: string): void;
  /** Clears the progress line; nothing is drawn from then on. */
  end(): void;
}

export interface DisplayOptions {
  readonly isQuiet: boolean;
  /** Status messages on stdout, a line each; only for commands whose output is such lines. */
  readonly isJsonStatus: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** Shorter work than this is not worth a line that flickers. */
const quietMs = 2000;
const redrawMs = 100;
const statusMs = 1000;
/** How far back the rate looks. */
const rateWindowMs = 10_000;

/** Makes the display. On a terminal one line is redrawn in place; elsewhere nothing is drawn. */
export function createDisplay(terminal: Terminal, options: DisplayOptions): Display {
  const { isQuiet, isJsonStatus, now = performance.now.bind(performance) } = options;
  const isDrawing = terminal.stderr.isTTY === true && !isQuiet && !isJsonStatus && terminal.environment.TERM !== "dumb";
  const startedAtMs = now();
  const past: { bytesDone: number; atMs: number; phase: string }[] = [];
  let shownAtMs = startedAtMs + (isJsonStatus ? 0 : quietMs - redrawMs);
  let isLineShown = false;
  let hasEnded = false;

  function clear(): void {
    if (!isLineShown) return;
    isLineShown = false;
    terminal.stderr.write("\r\u001b[K");
  }

  function recent(progress: Progress, atMs: number): { bytesDone: number; atMs: number } {
    // A new phase counts anew.
    if (past.at(-1)?.phase !== progress.phase) past.length = 0;
    past.push({ bytesDone: progress.bytesDone, atMs, phase: progress.phase });
    while ((past[0]?.atMs ?? atMs) < atMs - rateWindowMs) past.shift();
    return past[0] ?? { bytesDone: 0, atMs };
  }

  const isShown = isDrawing || (isJsonStatus && !isQuiet);

  return {
    isShown,
    onProgress: (progress) => {
      if (hasEnded || !isShown) return;
      const nowMs = now();
      const figures = progressFigures(progress, recent(progress, nowMs), nowMs);
      if (nowMs - shownAtMs < (isJsonStatus ? statusMs : redrawMs)) return;
      shownAtMs = nowMs;
      const elapsedMs = nowMs - startedAtMs;
      if (isJsonStatus) {
        void write(terminal.stdout, `${JSON.stringify(statusMessage(progress, figures, elapsedMs))}\n`);
        return;
      }
      const width = (terminal.stderr.columns ?? terminal.stdout.columns ?? 80) - 1;
      terminal.stderr.write(`\r\u001b[K${formatProgressLine(progress, figures, elapsedMs, width)}`);
      isLineShown = true;
    },
    note: (text) => {
      clear();
      terminal.stderr.write(`${text}\n`);
    },
    end: () => {
      clear();
      hasEnded = true;
    },
  };
}
