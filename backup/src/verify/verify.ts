import type { OnProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Finding } from "./finding.ts";
import type { PackSubset } from "./subset.ts";

export interface VerifyOptions {
  /** Which packs to read whole; absent: structure only. */
  readonly readData?: PackSubset;
  /** For choosing packs at random: from 0 (included) to 1 (excluded). */
  readonly random?: () => number;
  /** Bytes a second that are read at most. */
  readonly maxBytesPerSecond?: number;
  /** Worker threads for the data; as many as there are processors unless given. */
  readonly threads?: number;
  /** Told of each finding at once; those of the result have the affected files as well. */
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface VerifyResult {
  /** No finding is an error. */
  readonly isSound: boolean;
  readonly findings: readonly Finding[];
  readonly snapshots: number;
  readonly trees: number;
  readonly blobs: number;
  readonly packs: number;
  readonly packsRead: number;
  readonly bytesRead: number;
}

/** Examines the repository. The caller holds a lock, or knows that nobody prunes. */
export async function verify(repository: Repository, options: VerifyOptions = {}): Promise<VerifyResult> {
  throw new Error(`not built yet (${repository.backend.location} ${options.threads})`);
}
