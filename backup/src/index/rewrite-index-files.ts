import type { Id } from "../blob/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { PackContent } from "./save-index.ts";

export interface IndexChange {
  /** Packs that no index file shall mention any more. */
  readonly removePacks?: ReadonlySet<Id>;
  readonly addPacks?: Iterable<PackContent>;
  /** Writes every index file anew, also those without removed packs: merges many small ones. */
  readonly isFull?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Changes what the index files say: writes the new ones first, then removes the old. Killed at any point, every blob that stays is
 * found. Needs an exclusive lock and an index loaded under it. The repository's own index is changed with them. Removing the packs
 * themselves is up to the caller, afterwards.
 */
export async function rewriteIndexFiles(_repository: Repository, _change: IndexChange): Promise<void> {
  throw new Error("rewriteIndexFiles is not built yet");
}
