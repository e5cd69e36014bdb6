import type { TextDiff } from "@mycloud/protocol/snapshot-view";

type Hunk = TextDiff["hunks"][number];

/** Cuts what has much around its changes to so many lines before and after each; one hunk may become several. Pure. */
export function narrowHunk(hunk: Hunk, contextLines: number): Hunk[] {
  const changed = hunk.lines.flatMap((line, at) => (/^[+-]/.test(line) ? [at] : []));
  const parts: { from: number; end: number }[] = [];
  for (const at of changed) {
    const from = Math.max(0, at - contextLines);
    const end = Math.min(hunk.lines.length, at + contextLines + 1);
    const last = parts.at(-1);
    if (last !== undefined && from <= last.end) last.end = end;
    else parts.push({ from, end });
  }
  return parts.map(({ from, end }) => {
    const before = hunk.lines.slice(0, from);
    const lines = hunk.lines.slice(from, end);
    return {
      fromLine: hunk.fromLine + before.filter(isOld).length,
      fromLines: lines.filter(isOld).length,
      toLine: hunk.toLine + before.filter(isNew).length,
      toLines: lines.filter(isNew).length,
      lines,
    };
  });
}

/** `\ No newline at end of file` is a line of neither. */
function isOld(line: string): boolean {
  return /^[ -]/.test(line);
}

function isNew(line: string): boolean {
  return /^[ +]/.test(line);
}
