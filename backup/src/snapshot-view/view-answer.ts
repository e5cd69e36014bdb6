import type { ViewHead } from "@mycloud/protocol/snapshot-view";

/** A head of the request's kind, and the body where there is one. The body is made while it is read; `return()` ends the work. */
export interface ViewAnswer {
  readonly head: ViewHead;
  readonly body: AsyncGenerator<Uint8Array> | null;
}
