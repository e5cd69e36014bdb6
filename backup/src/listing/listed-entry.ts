import type { ByteString } from "../byte-string/index.ts";
import type { Node } from "../tree/index.ts";

/** An entry of a snapshot with the path it has there: absolute, `/` between names, no slash at the end. */
export interface ListedEntry {
  readonly path: ByteString;
  readonly node: Node;
}
