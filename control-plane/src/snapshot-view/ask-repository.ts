import type { ViewHead, ViewRequest } from "@mycloud/protocol/snapshot-view";

/** A head, and the body where there is one; whoever reads no further ends the work by `return()`. */
export interface ViewAnswer<Kind extends ViewRequest["kind"] = ViewRequest["kind"]> {
  readonly head: Extract<ViewHead, { kind: Kind }>;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * Asks a repository, whoever can open it. Throws NotFoundError (no such snapshot or path), ConflictError (storage gone), UnavailableError
 * (the storage server cannot be reached; the machine of a private repository is offline).
 */
export type AskRepository = <Request extends ViewRequest>(
  repositoryId: number,
  request: Request,
  options: { readonly signal: AbortSignal },
) => Promise<ViewAnswer<Request["kind"]>>;
