import { backoffMs } from "../../backoff/index.ts";
import { sleep } from "../../retry-loop/index.ts";
import type { SourceContext } from "../source-context.ts";

const policy = { baseMs: 1_000, maximumMs: 60_000 };

/** What ran so long counts as having worked. */
const WORKED_MS = 60_000;

/** Runs something that should never end, again and again until the signal fires, after waits that grow while it ends soon. It is said when the reason changes. */
export async function runRepeatedly(
  context: Pick<SourceContext, "counters" | "logger" | "signal" | "monotonicMs" | "random">,
  run: () => Promise<string>,
): Promise<void> {
  let failures = 0;
  while (!context.signal.aborted) {
    const startedMs = context.monotonicMs();
    // What is running is well until it ends.
    if (failures === 0) context.counters.fault = null;
    const reason = await run();
    if (context.signal.aborted) return;
    failures = context.monotonicMs() - startedMs > WORKED_MS ? 1 : failures + 1;
    if (context.counters.fault !== reason) context.logger.warn({ reason }, "what a log is read from has ended");
    context.counters.fault = reason;
    await sleep(backoffMs(failures, policy, context.random()), context.signal);
  }
}
