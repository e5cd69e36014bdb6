import { type FileHandle, open } from "node:fs/promises";
import { Writable } from "node:stream";
import { CommandError } from "../../command-line/index.ts";

/** A file that is made, or emptied, when the first bytes come: a dump of what is not there leaves what was there before. */
export function outputFile(path: string): Writable {
  let file: FileHandle | null = null;
  const opened = async (): Promise<FileHandle> => {
    file ??= await open(path, "w");
    return file;
  };
  const told = (work: Promise<unknown>, done: (error?: Error | null) => void) =>
    work.then(
      () => done(null),
      (error: unknown) => done(cannotWrite(path, error)),
    );
  return new Writable({
    write: (chunk: Buffer, _encoding, done) =>
      void told(
        opened().then((handle) => handle.writeFile(chunk)),
        done,
      ),
    // An empty file is dumped as an empty file.
    final: (done) => void told(opened(), done),
    destroy: (error, done) => void Promise.resolve(file?.close()).then(() => done(error), done),
  });
}

/** The process' own standard output, which stays open when the dump is done. */
export function outputStream(stream: Writable): Writable {
  return new Writable({
    highWaterMark: 1 << 20,
    write: (chunk, _encoding, done) => {
      stream.write(chunk, (error) => done(error ? cannotWrite("standard output", error) : null));
    },
  });
}

function cannotWrite(what: string, cause: unknown): CommandError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const reason =
    code === "ENOSPC" || code === "EDQUOT"
      ? "the disk is full"
      : code === "EPIPE"
        ? "nobody reads it any more"
        : cause instanceof Error
          ? cause.message
          : String(cause);
  return new CommandError("cannotWrite", `${what} cannot be written: ${reason}`, { cause });
}
