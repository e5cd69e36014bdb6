import type { LogJob } from "@mycloud/protocol/log-source";
import type { OutgoingRecord } from "../../log-parser/index.ts";
import { type CheckpointChange, createEntryWriter, type LogQueue } from "../../log-queue/index.ts";
import type { RecordCounters, RecordMaker } from "../../log-shaping/index.ts";
import type { LineBatch } from "../../log-source/index.ts";

/** The way of one job's lines: made to records, encoded, appended to the queue. */
export interface JobLine {
  /** Resolves when the queue has taken the batch; rejects, and it was not taken, when the signal fires. */
  take(batch: LineBatch): Promise<void>;
  /** About once a second: what the rate limit has to say. */
  tick(): Promise<void>;
  counters(): RecordCounters & { readonly records: number };
}

/** Makes it. */
export function createJobLine(options: {
  readonly job: LogJob;
  readonly maker: RecordMaker;
  readonly queue: LogQueue;
  readonly now: () => number;
  readonly signal: AbortSignal;
}): JobLine {
  const { job, maker, queue, now, signal } = options;
  const writer = createEntryWriter();
  let records = 0;
  let isAppending = false;
  const tag = `mycloud.${job.name}`;

  async function append(
    made: readonly OutgoingRecord[],
    readAtMs: number,
    checkpoint: CheckpointChange,
  ): Promise<void> {
    isAppending = true;
    try {
      writer.clear();
      for (const record of made) writer.write(record);
      const { name: source, destinations } = job;
      const entries = writer.bytes();
      await queue.append({ source, tag, destinations, entries, records: made.length, readAtMs, checkpoint }, signal);
      records += made.length;
    } finally {
      isAppending = false;
    }
  }

  return {
    async take(batch) {
      const checkpoint: CheckpointChange = {};
      for (const { stream, position } of batch.positions) checkpoint[stream] = position;
      await append(maker.make(batch), Math.floor(batch.readAtUs / 1_000), checkpoint);
    },
    async tick() {
      // Whoever appends says it then.
      if (isAppending) return;
      const made = maker.flush();
      if (made.length > 0) await append(made, now(), {});
    },
    counters: () => ({ ...maker.counters(), records }),
  };
}
