import { printable, type Terminal, write } from "../../command-line/index.ts";
import { formatProgressLine } from "../repo/progress-line.ts";
import type { RunProgress } from "./run-progress.ts";

/** Shows a person on stderr how far a run is. */
export interface RunDisplay {
  show(run: RunProgress): Promise<void>;
  /** Says something without disturbing the progress line. */
  note(text: string): Promise<void>;
  /** Clears the progress line. */
  end(): Promise<void>;
}

/** Where lines stay, one of the same phase is worth reading this often. */
const lineEveryMs = 10_000;

/** Draws one line in place on a terminal; elsewhere writes one when the phase changes and every ten seconds. `isQuiet` shows nothing at all. */
export function createRunDisplay(terminal: Terminal, isQuiet = false): RunDisplay {
  const { stderr, environment, now } = terminal;
  const isDrawing = stderr.isTTY === true && environment.TERM !== "dumb";
  const width = isDrawing ? (stderr.columns || 80) - 1 : 500;
  let isLineShown = false;
  let told = "";
  let toldAtMs = 0;

  async function clear(): Promise<void> {
    if (!isLineShown) return;
    isLineShown = false;
    await write(stderr, "\r\u001b[K");
  }

  return {
    show: async (run) => {
      if (isQuiet) return;
      const { progress, figures, startedAtMs, waitsFor } = run;
      const line =
        waitsFor === null
          ? formatProgressLine(progress, figures, Math.max(0, now() - startedAtMs), width)
          : printable(`${progress.phase}: ${waitsFor}`).slice(0, width);
      if (isDrawing) {
        isLineShown = true;
        return write(stderr, `\r\u001b[K${line}`);
      }
      const key = `${progress.phase} ${waitsFor}`;
      if (key === told && now() - toldAtMs < lineEveryMs) return;
      told = key;
      toldAtMs = now();
      await write(stderr, `${line}\n`);
    },
    note: async (text) => {
      if (isQuiet) return;
      await clear();
      await write(stderr, `${text}\n`);
    },
    end: clear,
  };
}
