import type { RecordMaker } from "../../log-shaping/index.ts";
import { serveShipper } from "../process/serve-shipper.ts";

/** Every line is a record as it is. */
export function createPlainMaker(): RecordMaker {
  return {
    make: (batch, use) => {
      for (const line of batch.lines) {
        use({
          timeUs: batch.readAtUs,
          service: "test",
          severity: null,
          facility: null,
          message: typeof line === "string" ? line : line.message,
          fields: {},
        });
      }
    },
    flush: () => [],
    counters: () => ({
      parseFailures: 0,
      filtered: 0,
      sampledOut: 0,
      suppressed: 0,
      redacted: 0,
      patternTimeouts: 0,
    }),
  };
}

if (process.send !== undefined) {
  serveShipper({
    createMaker: createPlainMaker,
    tickMs: 50,
    targetBytes: 32 * 1024,
    tellEveryMs: 100,
    shipping: { ackTimeoutMs: 2_000, connectTimeoutMs: 2_000, backoff: { baseMs: 5, maximumMs: 50 } },
  });
}
