import type { Id } from "../blob/index.ts";

/** A lock in a repository. */
export interface Lock {
  readonly id: Id;
  /** RFC 3339, by the clock of its owner: when it was made or last refreshed. */
  readonly time: string;
  readonly isExclusive: boolean;
  readonly hostname: string;
  readonly username: string;
  readonly pid: number;
}
