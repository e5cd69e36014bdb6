import type { LogBatch, LogStore, NewLogRecord } from "../../log-store/index.ts";

/** A store in memory that remembers what it was given; faults and delays as a test says. */
export class RecordingLogStore implements Pick<LogStore, "append"> {
  readonly batches: LogBatch[] = [];
  readonly #chunks = new Set<string>();
  /** Called before each batch; what it throws is what `append` throws. */
  before: (batch: LogBatch) => Promise<void> = async () => undefined;

  get records(): NewLogRecord[] {
    return this.batches.flatMap(({ records }) => records);
  }

  async append(batch: LogBatch): Promise<{ readonly stored: number; readonly isDuplicate: boolean }> {
    await this.before(batch);
    if (batch.chunk !== null) {
      const key = JSON.stringify([batch.chunk.sender, batch.chunk.id]);
      if (this.#chunks.has(key)) return { stored: 0, isDuplicate: true };
      this.#chunks.add(key);
    }
    this.batches.push(batch);
    return { stored: batch.records.length, isDuplicate: false };
  }
}
