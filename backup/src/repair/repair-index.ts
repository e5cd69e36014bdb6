import type { Id } from "../blob/index.ts";
import type { OnProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";

export interface RepairIndexOptions {
  /** Reads the header of every pack, not only of those that the index lacks or knows otherwise. */
  readonly readAllPacks?: boolean;
  readonly isDryRun?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface RepairIndexResult {
  /** Packs whose headers were read and entered. */
  readonly packsEntered: number;
  /** Packs in the old index that do not exist. */
  readonly packsMissing: readonly Id[];
  /** Packs whose header cannot be read; they are not in the index. */
  readonly packsUnreadable: readonly { readonly id: Id; readonly message: string }[];
  /** Old index files that could not be read. */
  readonly indexesUnreadable: readonly Id[];
}

/** Writes a new index from the packs, under an exclusive lock. */
export async function repairIndex(
  repository: Repository,
  options: RepairIndexOptions = {},
): Promise<RepairIndexResult> {
  throw new Error(`not built yet (${repository.backend.location} ${options.readAllPacks})`);
}
