/** A day whose file turned out to be damaged. */
export interface DamagedDay {
  readonly day: number;
  /** Of the file: another one of the same day is not meant. */
  readonly inode: number | null;
  readonly reason: string;
}
