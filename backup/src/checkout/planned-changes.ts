import type { ByteString } from "../byte-string/index.ts";
import type { FileStat } from "../filesystem/index.ts";
import type { RestoreGate } from "../restorer/restore-gate.ts";

const changedSince = "it was changed after the plan was made, so nothing was done to it";
/** Seconds that fit beside nanoseconds into a number: some 46 days, after which marks repeat. */
const markSpan = 4_000_000;

/** What a plan does to what is there, by path, and how each looked; nothing else is changed or removed. */
export class PlannedChanges implements RestoreGate {
  readonly #changes = new Map<ByteString, number>();
  /** Null: only looked into. */
  readonly #removals = new Map<ByteString, number | null>();
  readonly #refusals = new Map<ByteString, string>();

  change(path: ByteString, stat: FileStat): void {
    this.#changes.set(path, markOf(stat));
  }

  remove(path: ByteString, stat: FileStat): void {
    this.#removals.set(path, markOf(stat));
  }

  enter(path: ByteString): void {
    this.#removals.set(path, null);
  }

  /** It stays, and is named as not restored. */
  refuse(path: ByteString, reason: string): void {
    this.#refusals.set(path, reason);
  }

  isChange(path: ByteString): boolean {
    return this.#changes.has(path);
  }

  mayChange(path: ByteString, stat: FileStat): "change" | "leave" | Error {
    const refusal = this.#refusals.get(path);
    if (refusal !== undefined) return new Error(refusal);
    const mark = this.#changes.get(path);
    if (mark === undefined) return "leave";
    return isMarked(stat, mark) ? "change" : new Error(changedSince);
  }

  mayRemove(path: ByteString, stat: FileStat): "remove" | "enter" | "leave" {
    const mark = this.#removals.get(path);
    if (mark === undefined) return "leave";
    if (mark === null) return "enter";
    if (isMarked(stat, mark)) return "remove";
    return stat.type === "dir" ? "enter" : "leave";
  }
}

/**
 * By its ctime an entry is known again, which nobody can set. That of one with several names changes with each name that goes, so there the mtime
 * counts (a negative mark); that of a directory with its entries (0).
 */
function markOf(stat: FileStat): number {
  if (stat.type === "dir") return 0;
  return stat.links > 1 ? -markOfInstant(stat.mtimeSeconds, stat.mtimeNanoseconds) : markOfCtime(stat);
}

function isMarked(stat: FileStat, mark: number): boolean {
  if (stat.type === "dir" || mark === 0) return stat.type === "dir" && mark === 0;
  if (mark < 0) return mark === -markOfInstant(stat.mtimeSeconds, stat.mtimeNanoseconds);
  return mark === markOfCtime(stat);
}

function markOfCtime({ ctimeSeconds, ctimeNanoseconds }: FileStat): number {
  return markOfInstant(ctimeSeconds, ctimeNanoseconds);
}

/** Never 0. */
function markOfInstant(seconds: number, nanoseconds: number): number {
  return (Math.abs(seconds) % markSpan) * 1e9 + nanoseconds + 1;
}
