import { closeSync, existsSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Writes lines `<name> <number>` to `<name>.log` of a folder all the time, and starts new files as daemons do when they are told to. */
export interface NumberedWriter {
  /** How many lines each file has had. */
  readonly count: () => number;
  /** Renames a file and goes on in a new one of its name. */
  rotateByRename(name: string): void;
  /** Ends writing; everything written is in the files then. */
  stop(): Promise<void>;
}

const pauseMs = 10;
const linesAtOnce = 4;

/**
 * Starts it. A rotating program that has moved the files away makes a file `reopen` in the folder and waits until it is gone: from then on nothing more
 * comes into the old ones.
 */
export function startNumberedWriter(directory: string, names: readonly string[]): NumberedWriter {
  const open = (name: string) => openSync(join(directory, `${name}.log`), "a");
  const files = new Map(names.map((name) => [name, open(name)]));
  const request = join(directory, "reopen");
  let count = 0;
  let rotations = 0;
  let isStopping = false;

  function reopen(name: string): void {
    const old = files.get(name);
    files.set(name, open(name));
    if (old !== undefined) closeSync(old);
  }

  async function write(): Promise<void> {
    while (!isStopping) {
      if (existsSync(request)) {
        for (const name of names) reopen(name);
        unlinkSync(request);
      }
      const from = count;
      count += linesAtOnce;
      for (const [name, file] of files) {
        const lines = Array.from({ length: linesAtOnce }, (_, index) => `${name} ${from + index}\n`);
        writeSync(file, lines.join(""));
      }
      await pause(pauseMs);
    }
    for (const file of files.values()) closeSync(file);
  }

  const writing = write();
  return {
    count: () => count,
    rotateByRename(name) {
      rotations++;
      renameSync(join(directory, `${name}.log`), join(directory, `${name}.log.${rotations}`));
      reopen(name);
    },
    async stop() {
      isStopping = true;
      await writing;
    },
  };
}
