import type { LogJob } from "@mycloud/protocol/log-source";
import type { OutgoingRecord } from "../../log-parser/index.ts";
import type { CheckpointChange, EntryWriters, LogQueue } from "../../log-queue/index.ts";
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
  readonly writers: EntryWriters;
  readonly now: () => number;
  readonly signal: AbortSignal;
}): JobLine {
  const { job, maker, queue, writers, now, signal } = options;
  let records = 0;
  let isAppending = false;
  const tag = `mycloud.${job.name}`;

  async function append(
    make: (write: (record: OutgoingRecord) => void) => void,
    readAtMs: number,
    checkpoint: CheckpointChange,
  ): Promise<void> {
    isAppending = true;
    const writer = writers.take();
    try {
      let count = 0;
      make((record) => {
        writer.write(record);
        count++;
      });
      const { name: source, destinations } = job;
      const entries = writer.bytes();
      await queue.append({ source, tag, destinations, entries, records: count, readAtMs, checkpoint }, signal);
      records += count;
    } finally {
      writers.release(writer);
      isAppending = false;
    }
  }

  return {
    async take(batch) {
      const checkpoint: CheckpointChange = {};
      for (const { stream, position } of batch.positions) checkpoint[stream] = position;
      await append((write) => maker.make(batch, write), Math.floor(batch.readAtUs / 1_000), checkpoint);
    },
    async tick() {
      // Whoever appends says it then.
      if (isAppending) return;
      const made = maker.flush();
      if (made.length > 0) await append((write) => made.forEach(write), now(), {});
    },
    counters: () => ({ ...maker.counters(), records }),
  };
}
