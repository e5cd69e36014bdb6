import type { Patience } from "../retry-loop/index.ts";
import type { ControlPlane } from "../transport/index.ts";
import { untilDirected } from "./until-directed.ts";

/** What came with a question, fetched when it is first read. Throws when it breaks off. */
export async function* readUpload(
  controlPlane: Pick<ControlPlane, "questionBody">,
  questionId: string,
  patience: Patience,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const opened = await untilDirected(() => controlPlane.questionBody(questionId, signal), patience, signal);
  if (opened.kind !== "ok") throw new Error("message" in opened ? opened.message : "nobody sends it any more");
  try {
    for await (const part of opened.value) if (part instanceof Uint8Array) yield part;
    if (!opened.value.complete) throw new Error("it broke off");
  } finally {
    opened.value.destroy();
  }
}
