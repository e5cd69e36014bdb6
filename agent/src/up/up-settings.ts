import { CommandError, defaultStateDirectory, resolveFrom, type Terminal } from "../command-line/index.ts";
import { type ListenAddress, parseListenAddress } from "./listen-address.ts";

/** What `mycloud up` was asked for. */
export interface UpFlags {
  readonly stateDir?: string;
  readonly http?: string;
  readonly json?: boolean;
}

export interface UpSettings {
  readonly stateDir: string;
  readonly http: ListenAddress;
  /** Logs as the processes write them, JSON a line. */
  readonly isRaw: boolean;
}

/** Flag, then environment, then default; paths resolve against where the person stands. Throws CommandError. */
export function upSettings(flags: UpFlags, terminal: Pick<Terminal, "environment" | "workingDirectory">): UpSettings {
  const { MYCLOUD_STATE_DIR, MYCLOUD_HTTP } = terminal.environment;
  const given = flags.stateDir ?? (MYCLOUD_STATE_DIR || undefined);
  if (given === "") throw new CommandError("configuration", "--state-dir is empty; name a directory");
  const stateDir = given === undefined ? defaultStateDirectory() : resolveFrom(terminal.workingDirectory, given);
  const http = flags.http
    ? parseListenAddress(flags.http, "--http")
    : parseListenAddress(MYCLOUD_HTTP || "127.0.0.1:8080", "MYCLOUD_HTTP");
  return { stateDir, http, isRaw: flags.json === true };
}
