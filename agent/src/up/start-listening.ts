import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../command-line/index.ts";
import { describeEnd, stopTethered, type TetheredProcess } from "./tethered-process.ts";

export interface Listening<Found> {
  /** What it listens on, as `find` read it. */
  readonly found: Found;
  readonly process: TetheredProcess;
}

export interface StartListeningOptions<Found> {
  /** As people call it: `the storage server`. */
  readonly what: string;
  readonly start: (onLine: (line: string) => void) => TetheredProcess;
  /** What a line says of where it listens; undefined: nothing. */
  readonly find: (line: string) => Found | undefined;
  readonly show: (line: string) => void;
  readonly signal: AbortSignal;
}

const readyTimeoutMs = 30_000;
const graceMs = 2000;

/** Starts a server and waits until it says where it listens. Throws CommandError with its own words when it ends before that. */
export async function startListening<Found>(options: StartListeningOptions<Found>): Promise<Listening<Found>> {
  const { what, find, show, signal } = options;
  let found: Found | undefined;
  let lastWords: string | undefined;
  const child = options.start((line) => {
    found ??= find(line);
    const complaint = /^mycloud(?: dns)?: (.+)$/.exec(line)?.[1];
    if (found === undefined && complaint !== undefined) lastWords ??= complaint;
    else show(line);
  });
  let end: Awaited<TetheredProcess["ended"]> | undefined;
  void child.ended.then((value) => {
    end = value;
  });
  const deadline = AbortSignal.timeout(readyTimeoutMs);
  while (found === undefined) {
    if (end !== undefined) {
      const code = end.code !== null && end.code !== 0 ? { exitCode: end.code } : {};
      throw new CommandError(
        "failed",
        `${what} did not start: ${lastWords ?? `it ended with ${describeEnd(end)}`}`,
        code,
      );
    }
    if (deadline.aborted || signal.aborted) {
      await stopTethered(child, graceMs);
      throw new CommandError(signal.aborted ? "interrupted" : "unavailable", `${what} was not ready in time`);
    }
    await sleep(25);
  }
  return { found, process: child };
}
