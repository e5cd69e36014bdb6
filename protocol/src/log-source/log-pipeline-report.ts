import { z } from "zod";

const Count = z.number().min(0);

/** How one destination takes a host's logs, as a keepalive tells it. */
export const LogDestinationReport = z.object({
  name: z.string().max(128),
  chunks: Count,
  bytes: Count,
  maximumBytes: Count,
  oldestAtMs: z.number().nullable(),
  shippedRecords: Count,
  droppedRecords: Count,
  refusedRecords: Count,
  isConnected: z.boolean(),
  lastError: z.string().max(300).nullable(),
});
export type LogDestinationReport = z.infer<typeof LogDestinationReport>;

/** How a host's logs get on, small enough for every keepalive: sums over its sources, and which of them cannot be read. Counters are since `startedAtMs`. */
export const LogPipelineReport = z.object({
  isRunning: z.boolean(),
  startedAtMs: z.number().nullable(),
  restarts: Count,
  fault: z.string().max(300).nullable(),
  sources: Count,
  /** Some of the sources that cannot be read, and why. */
  faultySources: z.array(z.object({ name: z.string().max(128), fault: z.string().max(300) })).max(10),
  /** Some of the files that are not read, and what else is not as it should be, of some of the sources. */
  notices: z
    .array(z.object({ name: z.string().max(128), notice: z.string().max(300) }))
    .max(10)
    .default([]),
  /** Bytes in files that wait to be read. */
  lagBytes: Count,
  lines: Count,
  records: Count,
  parseFailures: Count,
  filtered: Count,
  suppressed: Count,
  redacted: Count,
  patternTimeouts: Count.default(0),
  polledDirectories: Count.default(0),
  /** Files that were asked for and are not read. */
  refused: Count.default(0),
  /** Files that were gone before they had been read to their end, and lines there was no room for. */
  lost: Count,
  destinations: z.array(LogDestinationReport).max(20),
});
export type LogPipelineReport = z.infer<typeof LogPipelineReport>;

/** What the control plane was told last, and when. */
export const HostLogPipeline = LogPipelineReport.extend({ reportedAtMs: z.number().int() });
export type HostLogPipeline = z.infer<typeof HostLogPipeline>;
