/** A command line, and what to add to the environment. */
export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
}

/** Where a program works: all of it is its own, but for what it backs up. */
export interface Places {
  /** The directory that is backed up. */
  readonly corpus: string;
  /** Where the repository lies, as the program takes it. */
  readonly repository: string;
  /** Caches, configuration. */
  readonly state: string;
}

/** A program that backs up and restores. Null for what it cannot do. */
export interface BackupProgram {
  readonly name: string;
  /** Makes the repository; not measured. Null when none is needed. */
  init(places: Places): Invocation | null;
  /** `turn` counts the backups of a repository. */
  backUp(places: Places, turn: number): Invocation;
  /** Restores the newest backup below a directory that is empty. */
  restoreAll(places: Places, target: string): Invocation;
  /** Restores one file of it, named relative to the corpus. */
  restoreOne(places: Places, target: string, file: string): Invocation;
  /** Reads and verifies all that is stored. */
  verify(places: Places): Invocation | null;
  /** Where the corpus is to be found below the target of `restoreAll`. */
  restoredCorpus(places: Places, target: string): string;
}
