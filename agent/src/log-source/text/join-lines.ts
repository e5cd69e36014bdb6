import { type LinesOfBytes, MAXIMUM_LINE_BYTES } from "./split-lines.ts";

/** Says of each of some lines whether it begins a record. Asked of many at once, as its patterns have a limit of time. */
export type StartFinder = (lines: readonly string[]) => readonly boolean[];

export interface JoinOptions {
  readonly findStarts: StartFinder;
  readonly maximumLines: number;
  /** Whether the last record is complete, since nothing more came for long enough or no more fits. */
  readonly isFinal: boolean;
}

/**
 * Joins lines to records: every line that is no start goes on with the record before. What is too much for one record begins another one, so that no
 * line is lost. Unless `isFinal`, the last record is not in the answer and its bytes are not consumed. Pure.
 */
export function joinLines(split: LinesOfBytes, options: JoinOptions): LinesOfBytes {
  const lines: string[] = [];
  const ends: number[] = [];
  const cut: number[] = [];
  const cutLines = new Set(split.cut);
  const starts = options.findStarts(split.lines);
  let first = 0;
  let size = 0;

  const close = (behind: number) => {
    if (behind === first) return;
    for (let index = first; index < behind; index++) {
      if (cutLines.has(index)) {
        cut.push(lines.length);
        break;
      }
    }
    lines.push(behind === first + 1 ? (split.lines[first] ?? "") : split.lines.slice(first, behind).join("\n"));
    ends.push(split.ends[behind - 1] ?? 0);
    first = behind;
    size = 0;
  };

  for (const [index, line] of split.lines.entries()) {
    const isTooMuch = index - first >= options.maximumLines || size + line.length + 1 > MAXIMUM_LINE_BYTES;
    if (index > first && (isTooMuch || starts[index] === true)) close(index);
    size += line.length + 1;
  }
  if (options.isFinal) close(split.lines.length);
  const isAll = first === split.lines.length;
  return {
    lines,
    ends,
    cut,
    consumed: isAll ? split.consumed : (ends.at(-1) ?? 0),
    state: isAll ? split.state : "start",
  };
}
