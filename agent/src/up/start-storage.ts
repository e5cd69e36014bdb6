import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, remark, type Terminal } from "../command-line/index.ts";
import { checkListenAddress, formatListenAddress, type ListenAddress } from "./listen-address.ts";
import { type RoleContext, startStorageRole } from "./roles.ts";
import { describeEnd, stopTethered, type TetheredProcess } from "./tethered-process.ts";

/** A storage server that listens. */
export interface StartedStorage {
  /** `http://127.0.0.1:8081`, with the port really taken. */
  readonly url: string;
  readonly process: TetheredProcess;
  /** Starts it again, on the same address. */
  readonly start: () => TetheredProcess;
}

const readyTimeoutMs = 30_000;
const graceMs = 2000;

/**
 * Where the storage server can listen; null when it is off, or when nobody asked for the default address and another program has it (said
 * so). Throws CommandError when an address that was asked for cannot be had.
 */
export async function storageAddress(
  terminal: Terminal,
  { storage, isStorageAsked }: RoleContext["settings"],
): Promise<ListenAddress | null> {
  if (storage === null) return null;
  try {
    await checkListenAddress(storage, "--storage");
    return storage;
  } catch (error) {
    if (isStorageAsked || !(error instanceof CommandError)) throw error;
    const address = formatListenAddress(storage);
    await remark(
      terminal,
      `mycloud up: ${address} is taken, so no storage server is started; --storage HOST:PORT chooses another`,
    );
    return null;
  }
}

/** Starts the storage server and waits until it listens. Throws CommandError with its own words when it ends before that. */
export async function startStorage(
  context: RoleContext,
  listen: ListenAddress,
  show: (line: string) => void,
  signal: AbortSignal,
): Promise<StartedStorage> {
  let url: string | undefined;
  let lastWords: string | undefined;
  const onLine = (line: string) => {
    url ??= /"address":"(https?:\/\/[^"]+)"/.exec(line)?.[1];
    const complaint = /^mycloud: (.+)$/.exec(line)?.[1];
    if (url === undefined && complaint !== undefined) lastWords ??= complaint;
    else show(line);
  };
  const child = startStorageRole(context, listen, onLine);
  let end: Awaited<TetheredProcess["ended"]> | undefined;
  void child.ended.then((value) => {
    end = value;
  });
  const deadline = AbortSignal.timeout(readyTimeoutMs);
  while (url === undefined) {
    if (end !== undefined) {
      const code = end.code !== null && end.code !== 0 ? { exitCode: end.code } : {};
      const words = lastWords ?? `it ended with ${describeEnd(end)}`;
      throw new CommandError("failed", `the storage server did not start: ${words}`, code);
    }
    if (deadline.aborted || signal.aborted) {
      await stopTethered(child, graceMs);
      throw new CommandError(
        signal.aborted ? "interrupted" : "unavailable",
        "the storage server was not ready in time",
      );
    }
    await sleep(25);
  }
  const again = { host: listen.host, port: Number(new URL(url).port) };
  return { url, process: child, start: () => startStorageRole(context, again, show) };
}
