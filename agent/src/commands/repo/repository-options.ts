import type { Command } from "commander";
import { wholeNumber } from "../../command-line/index.ts";

/** What every command on a repository is told besides its own options. */
export interface RepositoryFlags {
  readonly repo?: string;
  readonly repositoryFile?: string;
  readonly passwordFile?: string;
  readonly passwordCommand?: string;
  readonly keyHint?: string;
  readonly cacert?: string;
  readonly limitUpload?: number;
  readonly limitDownload?: number;
  readonly connections?: number;
  readonly retryLock?: string;
  readonly retryFor?: string;
  /** commander makes `--no-lock` a `lock` that is true unless it is given. */
  readonly lock?: boolean;
  readonly cacheDir?: string;
  readonly cache?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** Adds the options that say which repository, and how to reach it. */
export function addRepositoryOptions(command: Command): Command {
  return command
    .optionsGroup("Repository:")
    .option(
      "-r, --repo <LOCATION>",
      "a directory, or rest:http(s)://HOST/PATH/ (env MYCLOUD_REPOSITORY, RESTIC_REPOSITORY)",
    )
    .option("--repository-file <FILE>", "read the location from this file (env RESTIC_REPOSITORY_FILE)")
    .option(
      "-p, --password-file <FILE>",
      "read the password from this file (env MYCLOUD_PASSWORD_FILE, RESTIC_PASSWORD_FILE)",
    )
    .option("--password-command <COMMAND>", "take the password from what this prints (env RESTIC_PASSWORD_COMMAND)")
    .option("--key-hint <ID>", "try this key first (env RESTIC_KEY_HINT)")
    .option("--cacert <FILE>", "certificate authority to trust for rest:https: (env RESTIC_CACERT)")
    .option("--limit-upload <KIB>", "send at most so many KiB a second", wholeNumber(1, 1_000_000_000))
    .option("--limit-download <KIB>", "receive at most so many KiB a second", wholeNumber(1, 1_000_000_000))
    .option("--connections <N>", "transfers at once to a server (default 5)", wholeNumber(1, 64))
    .option("--retry-lock <DURATION>", "wait this long for somebody else's lock, e.g. 5m (default: not at all)")
    .option(
      "--retry-for <DURATION>",
      "repeat what a server does not answer for this long (default 15m; 0s: not at all)",
    )
    .option("--no-lock", "take no lock (for read-only storage)")
    .option(
      "--cache-dir <DIR>",
      "keep index and directories of servers there (env RESTIC_CACHE_DIR; default ~/.cache/mycloud)",
    )
    .option("--no-cache", "keep no local cache")
    .option("-q, --quiet", "no progress and no summary")
    .option("-v, --verbose", "say more")
    .optionsGroup("Options:")
    .option("--json", "print JSON; failures as JSON on stderr");
}
