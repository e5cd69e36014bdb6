import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ForwardedResult, Handover } from "./forwarded-result.ts";

/** A line up to this length is written whole or not at all (PIPE_BUF of Linux, pipe(7)); Nagios reads no longer ones than twice that. */
const longestLine = 4_096;
const patienceMs = 10_000;

/**
 * Writes results into the external command file of a Nagios, Naemon, Icinga or Shinken on this machine. Throws an Error in words when it is no
 * FIFO, nobody reads it, or its reader is too slow.
 */
export async function sendByPipe(
  path: string,
  results: readonly ForwardedResult[],
  signal: AbortSignal,
): Promise<Handover> {
  const pipe = await openPipe(path);
  try {
    if (!(await pipe.stat()).isFIFO()) throw new Error(`${path} is no FIFO, so no command file`);
    let refused = 0;
    let reason: string | null = null;
    for (const result of results) {
      const line = commandLine(result);
      if (line === null) {
        refused++;
        reason ??= `a command cannot carry the name of ${result.host} ${result.service ?? ""}`;
      } else await writeLine(pipe, line, signal);
    }
    return { refused, reason };
  } finally {
    await pipe.close();
  }
}

/** Without a reader opening fails instead of waiting for one. */
async function openPipe(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENXIO") throw new Error(`nobody reads ${path}: the other monitoring system does not run`);
    throw error;
  }
}

async function writeLine(pipe: FileHandle, line: Buffer, signal: AbortSignal): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      await pipe.write(line);
      return;
    } catch (error) {
      const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!isFull) throw error;
      if (performance.now() > until) throw new Error("the command file is full: its reader is too slow");
      await sleep(20);
    }
  }
}

/** The external command of a result; null when its names would break the line. Pure. */
export function commandLine({ host, service, returnCode, output, checkedAtMs }: ForwardedResult): Buffer | null {
  if (/[;\p{Cc}]/u.test(host + (service ?? ""))) return null;
  const object =
    service === null ? `PROCESS_HOST_CHECK_RESULT;${host}` : `PROCESS_SERVICE_CHECK_RESULT;${host};${service}`;
  const text = output.replace(/[\\\n\r]/g, (character) =>
    character === "\n" ? "\\n" : character === "\r" ? "" : "\\\\",
  );
  const line = Buffer.from(`[${Math.floor(checkedAtMs / 1000)}] ${object};${returnCode};${text}`);
  const cut = line.length < longestLine ? line : line.subarray(0, longestLine - 1);
  return Buffer.concat([cut, Buffer.from("\n")]);
}
