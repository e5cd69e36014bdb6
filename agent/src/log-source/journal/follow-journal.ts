import type { LogInput } from "@mycloud/protocol/log-source";
import { runRepeatedly } from "../command/run-repeatedly.ts";
import type { SourceEntry } from "../line-batch.ts";
import type { SourceContext } from "../source-context.ts";
import { createExportReader, type JournalFields } from "./export-format.ts";
import { readJournalEntry } from "./journal-entry.ts";

const STREAM = "journal";

/** How journalctl is called: a program and what it always gets, `--directory=...` for a journal that is not the host's. */
export interface JournalProgram {
  readonly program: string;
  readonly arguments: readonly string[];
}

export const systemJournal: JournalProgram = { program: "journalctl", arguments: [] };

/**
 * Follows the journal by journalctl until the signal fires; its cursor is the position. When journalctl ends, or is not there, it is started again after a while, which grows.
 */
export async function followJournal(
  context: SourceContext,
  input: Extract<LogInput, { type: "journal" }>,
  { program, arguments: first }: JournalProgram,
): Promise<void> {
  let cursor = readCursor(context.positions?.[STREAM]);

  async function take(entries: readonly JournalFields[]): Promise<void> {
    const last = entries.at(-1)?.values.get("__CURSOR")?.toString("utf8");
    const lines: SourceEntry[] = [];
    const cut: number[] = [];
    let sizeBytes = 0;
    for (const entry of entries) {
      const line = readJournalEntry(entry, context.nowMs() * 1000);
      if (line === null) continue;
      if (entry.isCut) cut.push(lines.length);
      lines.push(line);
      sizeBytes += line.message.length;
    }
    const positions = last === undefined ? [] : [{ stream: STREAM, position: { cursor: last } }];
    if (lines.length > 0 || positions.length > 0) await context.emit({ path: null, lines, cut, sizeBytes, positions });
    cursor = last ?? cursor;
  }

  /** What is in the journal now was there before the source: its last entry is where reading begins, even if no other comes before the next start. */
  async function beginAtEnd(): Promise<void> {
    const reader = createExportReader();
    let last: string | undefined;
    await context.run([program, ...first, "--output=export", "--no-pager", "--lines=1"], async (piece) => {
      for (const entry of reader.write(piece)) last = entry.values.get("__CURSOR")?.toString("utf8");
    });
    if (last === undefined) return;
    cursor = last;
    await context.emit({
      path: null,
      lines: [],
      cut: [],
      sizeBytes: 0,
      positions: [{ stream: STREAM, position: { cursor: last } }],
    });
  }

  await runRepeatedly(context, async () => {
    if (cursor === null && input.startAt === "end") await beginAtEnd();
    const reader = createExportReader();
    const from = cursor === null ? [] : [`--after-cursor=${cursor}`];
    const filters = [
      ...input.units.map((unit) => `--unit=${unit}`),
      ...(input.priority === "debug" ? [] : [`--priority=${input.priority}`]),
    ];
    const words = [program, ...first, "--output=export", "--no-pager", "--follow", "--no-tail", ...from, ...filters];
    return context.run(words, async (piece) => {
      const entries = reader.write(piece);
      if (entries.length > 0) await take(entries);
    });
  });
}

function readCursor(position: unknown): string | null {
  if (typeof position !== "object" || position === null || !("cursor" in position)) return null;
  return typeof position.cursor === "string" ? position.cursor : null;
}
