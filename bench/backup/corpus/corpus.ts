/** Files to back up, the same in every run. */
export interface Corpus {
  readonly name: string;
  /** What it stands for, for the report. */
  readonly description: string;
  /** Makes the files in an empty directory. */
  make(directory: string): void;
  /** Changes them in place; each round other ones. */
  change(directory: string, round: number): void;
  /** A file that is restored alone, relative to the directory. */
  readonly oneFile: string;
}
