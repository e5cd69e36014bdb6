import { closeSync, fstatSync, openSync, statSync, writeSync } from "node:fs";

export interface QueryLogFile {
  write(text: string): void;
  close(): void;
}

const mode = 0o640;

/**
 * Writes to the end of a file, which is opened again when it was renamed or removed (logrotate). A disk that is full loses lines and nothing else: `onFault`
 * is told once until it works again.
 */
export function openQueryLog(path: string, onFault: (error: unknown) => void): QueryLogFile {
  let descriptor: number | undefined;
  let isFailing = false;
  function current(): number {
    if (descriptor !== undefined && !isSame(descriptor, path)) close();
    descriptor ??= openSync(path, "a", mode);
    return descriptor;
  }
  function close(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  }
  return {
    write(text) {
      try {
        writeSync(current(), text);
        isFailing = false;
      } catch (error) {
        if (!isFailing) onFault(error);
        isFailing = true;
      }
    },
    close,
  };
}

function isSame(descriptor: number, path: string): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  const open = fstatSync(descriptor);
  return now !== undefined && now.ino === open.ino && now.dev === open.dev;
}
