import type { Id } from "../blob/index.ts";

/** Who a key is for, as people read it in a list. */
export interface KeyOwner {
  readonly username: string;
  readonly hostname: string;
}

/** What a key file says without a password. */
export interface KeyInfo extends KeyOwner {
  readonly id: Id;
  /** RFC 3339. */
  readonly created: string;
  /** Whether the repository was opened with it. */
  readonly isCurrent: boolean;
}
