import type { ByteString } from "../../byte-string/index.ts";
import type { ItemError } from "../../progress/index.ts";
import type { Exclusions } from "../backup-options.ts";

/** Entries and the bytes of the files among them. */
export interface Amount {
  files: number;
  folders: number;
  /** Links, devices, FIFOs and sockets. */
  others: number;
  bytes: number;
}

/** What one rule did, or what a "!" brought back. A folder that is left out counts with everything below it. */
export interface RuleSurvey extends Amount {
  readonly option: keyof Exclusions;
  /** In the option's list, from 0; 0 of an option that is no list. */
  readonly position: number;
  /** A pattern with "!": what counts was left out before it, and is backed up. */
  readonly isTakingBack: boolean;
  /** The largest, largest first. A folder without the rest of its content stands for what is left out of it. */
  readonly examples: readonly SurveyExample[];
  /** Whether everything it leaves out was counted. */
  isWhole: boolean;
}

export interface SurveyExample {
  readonly path: ByteString;
  readonly isFolder: boolean;
  readonly files: number;
  readonly bytes: number;
}

/** What a backup would take, and what each rule keeps from it. */
export interface Survey {
  readonly kept: Readonly<Amount>;
  /** Of each rule, in the order in which they are asked. */
  readonly rules: readonly RuleSurvey[];
  /** What could not be looked at, and the first of it. */
  readonly unread: { readonly count: number; readonly named: readonly ItemError[] };
  /** Mounted file systems left out that were not looked into: they are the kernel's, or on another machine. */
  readonly uncountedMounts: number;
  /** Whether the time was enough for everything. */
  readonly isWhole: boolean;
}

/** Nothing yet. */
export function noAmount(): Amount {
  return { files: 0, folders: 0, others: 0, bytes: 0 };
}
