import type { TextDiff } from "@mycloud/protocol/snapshot-view";
import "../theme/smart-view.css";

/** Lines that went and came, as diff writes them. */
export function DiffHunks({ hunks }: Pick<TextDiff, "hunks">) {
  return (
    <figure className="diff" aria-label="Lines removed and added">
      {hunks.map((hunk) => (
        <div key={`${hunk.fromLine} ${hunk.toLine}`}>
          <div className="diff-place">
            line {hunk.fromLine} → {hunk.toLine}
          </div>
          {hunk.lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff may be equal and never move
            <div key={at} className={lineClass(line)}>
              {line === "" ? " " : line}
            </div>
          ))}
        </div>
      ))}
    </figure>
  );
}

function lineClass(line: string): string {
  if (line.startsWith("+")) return "diff-line added";
  return line.startsWith("-") ? "diff-line removed" : "diff-line";
}
