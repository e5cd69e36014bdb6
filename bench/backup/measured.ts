import type { Cost } from "./run-measured.ts";

/** What is done with each corpus, in this order. */
export const steps = ["first", "unchanged", "changed", "restore all", "restore one", "verify"] as const;
export type Step = (typeof steps)[number];

/** One step of one program in one round. */
export interface Measured extends Cost {
  readonly corpus: string;
  readonly program: string;
  readonly step: Step;
  readonly round: number;
  /** Of a backup: the repository afterwards, and what it grew by, as allocated on disk. */
  readonly repositoryMiB: number | null;
  readonly addedMiB: number | null;
}
