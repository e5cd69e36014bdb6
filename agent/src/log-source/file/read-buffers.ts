import { READ_BUFFER_BYTES } from "../text/split-lines.ts";

/** Lends buffers to whoever reads: as many as may be read at once, whatever the number of files. */
export interface ReadBuffers {
  /** Runs `use` with a buffer of READ_BUFFER_BYTES, as soon as there is one. Nothing of the buffer may be kept. */
  lend<Result>(use: (buffer: Buffer) => Promise<Result>): Promise<Result>;
}

/** Makes up to `count` buffers, each when it is first needed. */
export function createReadBuffers(count: number): ReadBuffers {
  const free: Buffer[] = [];
  const waiting: ((buffer: Buffer) => void)[] = [];
  let made = 0;

  function borrow(): Promise<Buffer> | Buffer {
    const buffer = free.pop();
    if (buffer !== undefined) return buffer;
    if (made < count) {
      made++;
      return Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    }
    return new Promise((resolve) => waiting.push(resolve));
  }

  return {
    async lend(use) {
      const buffer = await borrow();
      try {
        return await use(buffer);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free.push(buffer);
        else next(buffer);
      }
    },
  };
}
