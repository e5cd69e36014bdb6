import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type HeldLines, HeldRanges } from "./held-ranges.ts";

/** Bytes of a queue, as they were put in; `next` is where the rest begins. */
export interface QueuedPiece {
  readonly lines: readonly string[];
  /** The same for the same lines, however often they are read. */
  readonly id: string;
  readonly next: Place;
}

interface Place {
  readonly segment: number;
  readonly offset: number;
}

interface State extends Place {
  readonly queue: string;
  /** How far the piece goes that was read last: after a crash the same one is read again. */
  readonly until: Place | null;
}

interface DiskQueueLimits {
  readonly maximumBytes: number;
  readonly segmentBytes: number;
  readonly pieceBytes: number;
}

export const defaultQueueLimits: DiskQueueLimits = {
  maximumBytes: 256 * 1024 * 1024,
  segmentBytes: 16 * 1024 * 1024,
  pieceBytes: 1024 * 1024,
};

const stateFile = "position.json";

/**
 * Lines that wait, in files of a directory: first in, first out, over restarts, `kill -9` and a power cut (after which what was being sent may be cut into
 * other pieces). When there are too many, the oldest file goes and its lines are counted as dropped. One reader and one writer at a time.
 */
export class DiskQueue {
  readonly #directory: string;
  readonly #limits: DiskQueueLimits;
  #state: State;
  /** Bytes of each segment there is, by its number, in order. */
  readonly #segments: Map<number, number>;
  readonly #held = new HeldRanges();
  #writing: Promise<unknown> = Promise.resolve();
  #arrived = Promise.withResolvers<void>();
  droppedBytes = 0;

  private constructor(directory: string, limits: DiskQueueLimits, state: State, segments: Map<number, number>) {
    this.#directory = directory;
    this.#limits = limits;
    this.#state = state;
    this.#segments = segments;
  }

  /** Opens the queue of a directory, which is made if need be. */
  static async open(directory: string, limits: DiskQueueLimits = defaultQueueLimits): Promise<DiskQueue> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const numbers = (await readdir(directory)).flatMap((name) =>
      /^\d+\.log$/.test(name) ? [Number.parseInt(name, 10)] : [],
    );
    const segments = new Map<number, number>();
    for (const number of numbers.sort((a, b) => a - b)) {
      segments.set(number, (await stat(join(directory, segmentName(number)))).size);
    }
    const first = numbers[0] ?? 0;
    const kept = await readState(directory);
    const isThere = kept !== null && (segments.has(kept.segment) || kept.segment >= (numbers.at(-1) ?? 0));
    const state =
      kept !== null && isThere
        ? kept
        : { queue: randomBytes(9).toString("base64url"), segment: first, offset: 0, until: null };
    const queue = new DiskQueue(directory, limits, state, segments);
    await queue.#endPartialLine();
    return queue;
  }

  /** Bytes that wait. */
  get bytes(): number {
    let sum = -this.#state.offset;
    for (const [segment, size] of this.#segments) if (segment >= this.#state.segment) sum += size;
    return Math.max(0, sum);
  }

  /** Puts lines in; none of them has a line end. Resolves when they survive a power cut. */
  async append(lines: readonly string[]): Promise<void> {
    (await this.hold(lines)).release();
  }

  /**
   * Puts lines in that nothing is read of, nor of what comes behind them, until it is said whether they go out. They do if this process ends before that
   * was said. Resolves when they survive a power cut.
   */
  async hold(lines: readonly string[]): Promise<HeldLines> {
    const written = this.#writing.then(() => this.#write(`${lines.join("\n")}\n`));
    this.#writing = written.catch(() => undefined);
    return await written;
  }

  /** The next piece; null when nothing waits that may be read. Asked again before `commit`, the same. */
  async read(): Promise<QueuedPiece | null> {
    for (;;) {
      const { segment, offset, until } = this.#state;
      const size = this.#segments.get(segment) ?? 0;
      if (offset >= size) {
        const following = [...this.#segments.keys()].find((number) => number > segment);
        if (following === undefined) return null;
        await this.#moveTo({ segment: following, offset: 0 });
        continue;
      }
      const next = this.#held.next(segment, offset);
      if (next?.isDiscarded && next.from <= offset) {
        await this.#moveTo({ segment, offset: next.to });
        continue;
      }
      const end = until !== null && until.segment === segment ? until.offset : Math.min(size, next?.from ?? size);
      return end <= offset ? null : await this.#readPiece(end);
    }
  }

  /** Resolves when everything that was put in is in its file. Nothing may be put in any more. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #readPiece(end: number): Promise<QueuedPiece> {
    const { segment, offset, queue } = this.#state;
    const bytes = await this.#readSegment(segment, offset, Math.min(end - offset, this.#limits.pieceBytes));
    // A line that is longer than a piece is read as a whole.
    const lineEnd = bytes.lastIndexOf(0x0a);
    const whole =
      lineEnd === -1 ? await this.#readSegment(segment, offset, end - offset) : bytes.subarray(0, lineEnd + 1);
    const next = { segment, offset: offset + whole.length };
    await this.#save({ ...this.#state, until: next });
    return {
      lines: whole
        .toString("utf8")
        .split("\n")
        .filter((line) => line !== ""),
      id: `${queue}-${segment}-${offset}-${next.offset}`,
      next,
    };
  }

  /** What was read is not needed any more. */
  async commit({ next }: QueuedPiece): Promise<void> {
    await this.#moveTo(next);
  }

  /** Resolves when something more may be read after this was asked, or the signal fires. */
  async waitForMore(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => resolve();
    signal.addEventListener("abort", end, { once: true });
    await Promise.race([promise, this.#arrived.promise]);
    signal.removeEventListener("abort", end);
  }

  async #write(text: string): Promise<HeldLines> {
    const last = [...this.#segments.keys()].at(-1) ?? this.#state.segment;
    const isFull = (this.#segments.get(last) ?? 0) >= this.#limits.segmentBytes;
    const segment = isFull ? last + 1 : last;
    const from = this.#segments.get(segment) ?? 0;
    const path = join(this.#directory, segmentName(segment));
    try {
      await appendSynced(path, text);
      if (from === 0) await syncDirectory(this.#directory);
    } catch (error) {
      // Half of it may be there, which the next lines must not continue.
      await truncate(path, from).catch(() => undefined);
      throw error;
    }
    const to = from + Buffer.byteLength(text);
    this.#segments.set(segment, to);
    const held = this.#held.add({ segment, from, to }, () => this.#wake());
    await this.#dropOldest(segment);
    return held;
  }

  #wake(): void {
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers<void>();
  }

  async #dropOldest(writing: number): Promise<void> {
    while (this.bytes > this.#limits.maximumBytes) {
      const [oldest] = [...this.#segments.keys()].filter((number) => number >= this.#state.segment);
      if (oldest === undefined || oldest === writing) return;
      const before = this.bytes;
      await this.#moveTo({ segment: oldest + 1, offset: 0 });
      this.droppedBytes += before - this.bytes;
    }
  }

  async #moveTo(place: Place): Promise<void> {
    // Behind: it was dropped while it was being sent.
    if (place.segment < this.#state.segment) return;
    await this.#save({ queue: this.#state.queue, ...place, until: null });
    this.#held.forgetBefore(place.segment, place.offset);
    for (const segment of [...this.#segments.keys()]) {
      if (segment >= place.segment) continue;
      this.#segments.delete(segment);
      await rm(join(this.#directory, segmentName(segment)), { force: true });
    }
  }

  async #save(state: State): Promise<void> {
    this.#state = state;
    const path = join(this.#directory, stateFile);
    await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  async #readSegment(segment: number, offset: number, length: number): Promise<Buffer> {
    const file = await open(join(this.#directory, segmentName(segment)), "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** A process that ended while it wrote left half a line: it ends there, so that the next is a line of its own. */
  async #endPartialLine(): Promise<void> {
    const last = [...this.#segments.keys()].at(-1);
    const size = last === undefined ? 0 : (this.#segments.get(last) ?? 0);
    if (last === undefined || size === 0) return;
    const [end] = await this.#readSegment(last, size - 1, 1);
    if (end !== 0x0a) (await this.#write("\n")).release();
  }
}

async function appendSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "a", 0o600);
  try {
    await file.appendFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Without it a power cut may take a new file's name away. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function segmentName(segment: number): string {
  return `${String(segment).padStart(10, "0")}.log`;
}

async function readState(directory: string): Promise<State | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(directory, stateFile), "utf8"));
    return isState(value) ? value : null;
  } catch {
    return null;
  }
}

function isState(value: unknown): value is State {
  if (typeof value !== "object" || value === null) return false;
  const { queue, segment, offset } = { queue: undefined, segment: undefined, offset: undefined, ...value };
  return typeof queue === "string" && Number.isSafeInteger(segment) && Number.isSafeInteger(offset);
}
