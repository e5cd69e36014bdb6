import { CommandError, remark, type Terminal } from "../command-line/index.ts";
import { checkListenAddress, formatListenAddress, type ListenAddress } from "./listen-address.ts";
import { type RoleContext, startStorageRole } from "./roles.ts";
import { startListening } from "./start-listening.ts";
import type { TetheredProcess } from "./tethered-process.ts";

/** A storage server that listens. */
export interface StartedStorage {
  /** `http://127.0.0.1:8081`, with the port really taken. */
  readonly url: string;
  readonly process: TetheredProcess;
  /** Starts it again, on the same address. */
  readonly start: () => TetheredProcess;
}

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
  const { found: url, process } = await startListening({
    what: "the storage server",
    start: (onLine) => startStorageRole(context, listen, onLine),
    find: (line) => /"address":"(https?:\/\/[^"]+)"/.exec(line)?.[1],
    show,
    signal,
  });
  const again = { host: listen.host, port: Number(new URL(url).port) };
  return { url, process, start: () => startStorageRole(context, again, show) };
}
