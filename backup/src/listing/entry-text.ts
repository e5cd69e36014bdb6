import type { ListedEntry } from "./listed-entry.ts";

/** The line of an entry for people: its path, or with `isLong` also mode, owner, size and modification time, as `ls -l` has them. */
export function entryLine(_entry: ListedEntry, _options: { readonly isLong: boolean }): string {
  throw new Error("entryLine: not built yet");
}

/** An entry as `--json` shows it, in the field names of restic's `ls --json`. */
export function entryJson(_entry: ListedEntry): Readonly<Record<string, unknown>> {
  throw new Error("entryJson: not built yet");
}
