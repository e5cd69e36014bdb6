import type { SourceContext } from "../source-context.ts";
import { createLineStream, createTextEncoding, type JoinOptions } from "../text/index.ts";
import type { LinesOfBytes } from "../text/split-lines.ts";
import { runRepeatedly } from "./run-repeatedly.ts";

/**
 * Reads what a command writes to its standard output, and starts it again when it ends. Such lines have no position: what a command wrote is lost when it was
 * not yet handed on, and what it had not written when it was ended, never was.
 */
export async function followCommand(
  context: SourceContext,
  words: readonly string[],
  multiline: (Pick<JoinOptions, "findStarts" | "maximumLines"> & { readonly timeoutMs: number }) | null,
  partialLineMs: number,
): Promise<void> {
  await runRepeatedly(context, async () => {
    const stream = createLineStream({ encoding: createTextEncoding("utf-8"), multiline, maximumLines: 4096 });
    let consumed = 0;
    // One after another: what time has ended and what comes must not overtake each other.
    let last: Promise<void> = Promise.resolve();
    let failure: unknown = null;
    const inOrder = (work: () => Promise<void>): Promise<void> => {
      last = last.then(work);
      return last;
    };
    const use = async (found: LinesOfBytes): Promise<void> => {
      const sizeBytes = found.consumed - consumed;
      consumed = found.consumed;
      await context.emit({ path: null, lines: found.lines, cut: found.cut, sizeBytes, positions: [] });
    };
    let timer: NodeJS.Timeout | undefined;
    const flushLater = () => {
      clearTimeout(timer);
      if (stream.heldBytes === 0) return;
      timer = setTimeout(() => {
        inOrder(() => stream.flush(use)).catch((error: unknown) => {
          failure = error;
        });
      }, multiline?.timeoutMs ?? partialLineMs);
    };
    try {
      const reason = await context.run(words, async (piece) => {
        clearTimeout(timer);
        if (failure !== null) throw failure;
        await inOrder(() => stream.write(piece, use));
        flushLater();
      });
      clearTimeout(timer);
      await inOrder(() => stream.flush(use));
      return reason;
    } finally {
      clearTimeout(timer);
    }
  });
}
