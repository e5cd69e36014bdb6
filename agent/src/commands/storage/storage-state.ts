import { join } from "node:path";
import type { Command } from "commander";
import {
  defaultStateDirectory,
  flagsOf,
  installedStateDirectory,
  resolveFrom,
  type Terminal,
} from "../../command-line/index.ts";
import { asCommandError } from "../repo/backup-failure.ts";

/** Files of the server's state directory that commands and the server share. */
export interface StorageState {
  readonly directory: string;
  readonly passwordFile: string;
  /** Signs capability tokens; made with the first start. */
  readonly signingKeyFile: string;
  readonly publicKeyFile: string;
  readonly revokedTokensFile: string;
}

/** Adds --state-dir. */
export function addStateOption(command: Command): Command {
  return command.option(
    "--state-dir <DIR>",
    "the server's state directory (env MYCLOUD_STORAGE_DIR; default ./var/storage of a clone, else /var/lib/mycloud-storage)",
  );
}

/** The state directory a command is about: flag, environment, default. */
export function storageState(
  command: Command,
  terminal: Pick<Terminal, "environment" | "workingDirectory">,
): StorageState {
  const { stateDir } = flagsOf<{ stateDir?: string }>(command);
  const given = stateDir ?? (terminal.environment.MYCLOUD_STORAGE_DIR || undefined);
  const directory = given === undefined ? defaultStorageDirectory() : resolveFrom(terminal.workingDirectory, given);
  return stateIn(directory, terminal.environment.MYCLOUD_STORAGE_PASSWORD_FILE || undefined);
}

/** The files in this state directory. */
export function stateIn(directory: string, passwordFile?: string): StorageState {
  return {
    directory,
    passwordFile: passwordFile ?? join(directory, "passwords.json"),
    signingKeyFile: join(directory, "token-signing-key.pem"),
    publicKeyFile: join(directory, "token-public-key.pem"),
    revokedTokensFile: join(directory, "revoked-tokens"),
  };
}

function defaultStorageDirectory(): string {
  const directory = defaultStateDirectory();
  return directory === installedStateDirectory ? "/var/lib/mycloud-storage" : join(directory, "storage");
}

/** Does some work; the engine's errors come out as CommandErrors. */
export async function reporting<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asCommandError(error);
  }
}
