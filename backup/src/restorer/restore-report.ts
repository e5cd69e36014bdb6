import { type ByteString, displayText } from "../byte-string/index.ts";
import { OutOfSpaceError } from "../error/index.ts";
import { type Fault, itemErrorOf, missingCapabilities } from "../filesystem/index.ts";
import type { ItemError, OnProgress } from "../progress/index.ts";
import type { RestoreAction, RestoreOptions } from "./restore-options.ts";
import type { RestoreNotice, RestoreSummary } from "./restore-summary.ts";

const listedErrors = 100;
const progressEveryMs = 100;

/** Faults that end a restore: everything after them would fail too. */
const spaceCodes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

/**
 * Counts what a restore does, and tells it. What the user could not have done at all without being root (owners, attributes of the system) is a notice; what
 * is lost is an error.
 */
export class RestoreReport {
  readonly #onItem: RestoreOptions["onItem"];
  readonly #onProgress: OnProgress | undefined;
  readonly #now: () => number;
  readonly #isRoot: boolean;
  readonly #startedAtMs: number;
  readonly #errorItems: ItemError[] = [];
  readonly #notices = new Map<RestoreNotice["kind"], RestoreNotice>();
  readonly #actions = { created: 0, updated: 0, unchanged: 0, kept: 0, deleted: 0, failed: 0 };
  #progressAtMs = 0;
  #current: ByteString | null = null;
  #errors = 0;
  phase = "restoring";
  entriesTotal = 0;
  filesTotal = 0;
  dirsTotal = 0;
  bytesTotal = 0;
  bytesWritten = 0;
  bytesUnchanged = 0;
  filesVerified = 0;
  filesDone = 0;
  isTotalKnown = false;

  constructor(options: Pick<RestoreOptions, "onItem" | "onProgress" | "now">, isRoot: boolean) {
    this.#onItem = options.onItem;
    this.#onProgress = options.onProgress;
    this.#now = options.now ?? Date.now;
    this.#isRoot = isRoot;
    this.#startedAtMs = this.#now();
    const missing = missingCapabilities();
    if (missing !== null) {
      this.#notice("filesystem", "", `not restored: ${missing.missing.join(", ")}: ${missing.reason}`);
    }
  }

  /** An entry has its final state. */
  act(action: RestoreAction, path: ByteString, sizeBytes: number): void {
    this.#actions[action]++;
    this.#onItem?.({ action, path, sizeBytes });
    this.progress(path);
  }

  /** An entry is not restored. Throws OutOfSpaceError when none can be any more. */
  fail(path: ByteString, during: string, error: Fault | Error, sizeBytes = 0): void {
    this.error(path, during, error);
    this.act("failed", path, sizeBytes);
  }

  /** Something is wrong with an entry that is there. */
  error(path: ByteString, during: string, error: Fault | Error): void {
    const code = "code" in error && typeof error.code === "string" ? error.code : "";
    if (spaceCodes.has(code)) {
      throw new OutOfSpaceError(
        `${displayText(path)}: no space is left (${code}); what is restored is whole, run it again for the rest`,
      );
    }
    const fault: Fault = "isForbidden" in error ? error : { during, message: error.message, code, isForbidden: false };
    this.#errors++;
    if (this.#errorItems.length < listedErrors) this.#errorItems.push(itemErrorOf(displayText(path) || "/", fault));
  }

  /** What metadata an entry lacks: errors, or notices where that was to be expected. */
  faults(path: ByteString, faults: readonly Fault[]): void {
    for (const fault of faults) {
      const kind = this.#noticeKind(fault);
      if (kind === null) this.error(path, fault.during, fault);
      else this.#notice(kind, path, fault.message);
    }
  }

  notice(kind: RestoreNotice["kind"], path: ByteString, message: string): void {
    this.#notice(kind, displayText(path), message);
  }

  progress(current?: ByteString): void {
    if (this.#onProgress === undefined) return;
    if (current !== undefined) this.#current = current;
    const now = this.#now();
    if (now - this.#progressAtMs < progressEveryMs) return;
    this.#progressAtMs = now;
    this.#tell();
  }

  finish(): RestoreSummary {
    this.#tell();
    const { created, updated, unchanged, kept, deleted } = this.#actions;
    return {
      entriesTotal: this.entriesTotal,
      filesTotal: this.filesTotal,
      dirsTotal: this.dirsTotal,
      entriesRestored: created + updated,
      entriesUnchanged: unchanged,
      entriesKept: kept,
      entriesDeleted: deleted,
      bytesTotal: this.bytesTotal,
      bytesWritten: this.bytesWritten,
      bytesUnchanged: this.bytesUnchanged,
      filesVerified: this.filesVerified,
      errors: this.#errors,
      errorItems: this.#errorItems,
      notices: [...this.#notices.values()],
      secondsElapsed: (this.#now() - this.#startedAtMs) / 1000,
      isComplete: this.#errors === 0,
    };
  }

  #tell(): void {
    this.#onProgress?.({
      phase: this.phase,
      filesDone: this.filesDone,
      filesTotal: this.filesTotal,
      bytesDone: this.bytesWritten + this.bytesUnchanged,
      bytesTotal: this.bytesTotal,
      isTotalKnown: this.isTotalKnown,
      current: this.#current === null ? [] : [displayText(this.#current)],
      errors: this.#errors,
    });
  }

  #noticeKind(fault: Fault): RestoreNotice["kind"] | null {
    if (fault.during === "flags") return "flags";
    if (this.#isRoot || !fault.isForbidden) return null;
    if (fault.during === "owner") return "owner";
    if (fault.during === "mode") return "mode";
    // Names only root may set; a user's own attributes and ACLs are not among them.
    return fault.during === "xattr" && /\b(security|trusted)\./.test(fault.message) ? "attribute" : null;
  }

  #notice(kind: RestoreNotice["kind"], example: string, message: string): void {
    const before = this.#notices.get(kind);
    this.#notices.set(
      kind,
      before === undefined ? { kind, count: 1, example, message } : { ...before, count: before.count + 1 },
    );
  }
}
