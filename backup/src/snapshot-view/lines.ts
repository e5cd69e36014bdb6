import type { LinesEnd } from "@mycloud/protocol/snapshot-view";
import { type ByteString, displayText } from "../byte-string/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";

const batchBytes = 32 * 1024;
/** Nobody waits longer than about this for a line that is there. */
const batchMs = 50;
const unreadableTold = 20;

/** What could not be read in the course of an answer, which goes on beside it. */
export class Unreadable {
  readonly #told: { readonly path: string; readonly message: string }[] = [];

  /** Does some work that reads a folder; null when that cannot be read. */
  async attempt<Result>(path: ByteString, work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DamagedError || error instanceof NotFoundError)) throw error;
      if (this.#told.length < unreadableTold)
        this.#told.push({ path: displayText(path) || "/", message: error.message });
      return null;
    }
  }

  /** As a field of what is told; none when everything could be read. */
  get field(): { unreadable?: { path: string; message: string }[] } {
    return this.#told.length === 0 ? {} : { unreadable: [...this.#told] };
  }
}

/**
 * Items as JSON, one a line, several together where they come fast, and the end that says whether there were more than `limit`. Null among the items:
 * there is none at the moment, so that what is there goes out.
 */
export async function* linesOf(
  items: AsyncGenerator<object | null>,
  limit: number,
  unreadable: Unreadable,
): AsyncGenerator<Uint8Array> {
  let text = "";
  let count = 0;
  let isTruncated = false;
  let sinceMs = performance.now();
  for await (const item of items) {
    if (item !== null && count === limit) {
      isTruncated = true;
      break;
    }
    if (item !== null) {
      text += `${JSON.stringify(item)}\n`;
      count++;
    }
    if (text === "" || (text.length < batchBytes && performance.now() - sinceMs < batchMs)) continue;
    yield Buffer.from(text);
    text = "";
    sinceMs = performance.now();
  }
  const end: LinesEnd = { end: { count, isTruncated, ...unreadable.field } };
  yield Buffer.from(`${text}${JSON.stringify(end)}\n`);
}
