import { type ByteString, displayText } from "../byte-string/index.ts";
import { type Fault, faultOf, itemErrorOf } from "../filesystem/index.ts";
import type { ItemError } from "../progress/index.ts";

/** How many are named in the summary; all are counted. */
const mostNamed = 1000;

/** What was being done when a tree of the parent snapshot could not be read. */
export const parentSnapshot = "parent snapshot";

/** What is said of an entry that was gone before anybody came to it. */
export const vanished = "it vanished before it was read";

/** Collects what surprised during a run. */
export class ItemErrors {
  readonly named: ItemError[] = [];
  count = 0;
  /**
   * Of these: those after which nothing is missing. An entry was gone before we came to it (restic counted that as a failure for years;
   * its users asked for the opposite, restic#3098), or was read again without need.
   */
  harmless = 0;
  readonly #onItemError: ((error: ItemError) => void) | undefined;

  constructor(onItemError?: (error: ItemError) => void) {
    this.#onItemError = onItemError;
  }

  add(path: ByteString, fault: Fault): void {
    const isGone = fault.code === "ENOENT" && (fault.during === "lstat" || fault.during === "open");
    if (isGone || fault.during === parentSnapshot) this.harmless += 1;
    const told = isGone ? { ...fault, message: vanished } : fault;
    const error = itemErrorOf(displayText(path), told);
    this.count += 1;
    if (this.named.length < mostNamed) this.named.push(error);
    this.#onItemError?.(error);
  }

  /** Adds what a system call threw. */
  addThrown(path: ByteString, during: string, error: unknown): void {
    this.add(path, faultOf(during, error));
  }

  get isIncomplete(): boolean {
    return this.count > this.harmless;
  }
}
