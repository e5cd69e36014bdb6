import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, parseDurationMs, resolveFrom, type Terminal } from "../../command-line/index.ts";
import type { RepositoryFlags } from "./repository-options.ts";

/** Which repository and how to reach it, from flags, then environment, then defaults. */
export interface RepositorySettings {
  readonly location: string;
  readonly cacheDirectory: string | null;
  readonly keyHint: string | null;
  readonly certificateAuthorityFile: string | null;
  /** Bytes a second. */
  readonly uploadLimit: number | null;
  readonly downloadLimit: number | null;
  readonly connections: number | null;
  readonly retryLockForMs: number;
  readonly retryForMs: number | null;
  readonly isLocking: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
}

type Surroundings = Pick<Terminal, "environment" | "workingDirectory" | "homeDirectory">;

/** Settles what was asked for. Throws CommandError that names the faulty value; the location is looked up in a file if one is named. */
export async function repositorySettings(flags: RepositoryFlags, terminal: Surroundings): Promise<RepositorySettings> {
  const { environment } = terminal;
  const cacheDir = flags.cacheDir ?? (environment.RESTIC_CACHE_DIR || undefined);
  const userCaches = environment.XDG_CACHE_HOME || join(terminal.homeDirectory, ".cache");
  const cacheDirectory =
    cacheDir === undefined ? join(userCaches, "mycloud") : resolveFrom(terminal.workingDirectory, cacheDir);
  const cacert = flags.cacert ?? (environment.RESTIC_CACERT || undefined);
  return {
    location: await findLocation(flags, terminal),
    cacheDirectory: flags.cache === false ? null : cacheDirectory,
    keyHint: flags.keyHint ?? (environment.RESTIC_KEY_HINT || null),
    certificateAuthorityFile: cacert === undefined ? null : resolveFrom(terminal.workingDirectory, cacert),
    uploadLimit: flags.limitUpload === undefined ? null : flags.limitUpload * 1024,
    downloadLimit: flags.limitDownload === undefined ? null : flags.limitDownload * 1024,
    connections: flags.connections ?? null,
    retryLockForMs: duration("--retry-lock", flags.retryLock) ?? 0,
    retryForMs: duration("--retry-for", flags.retryFor) ?? null,
    isLocking: flags.lock !== false,
    isQuiet: flags.quiet === true,
    isVerbose: flags.verbose === true,
    isJson: flags.json === true,
  };
}

async function findLocation(flags: RepositoryFlags, { environment, workingDirectory }: Surroundings): Promise<string> {
  if (flags.repo !== undefined && flags.repositoryFile !== undefined) {
    throw new CommandError("usage", "--repo and --repository-file name a repository both; give one of them");
  }
  if (flags.repo !== undefined) return absolute(flags.repo, workingDirectory);
  if (flags.repositoryFile !== undefined) return fromFile(flags.repositoryFile, workingDirectory);
  const { MYCLOUD_REPOSITORY, RESTIC_REPOSITORY, RESTIC_REPOSITORY_FILE } = environment;
  const location = MYCLOUD_REPOSITORY || RESTIC_REPOSITORY;
  if (location) return absolute(location, workingDirectory);
  if (RESTIC_REPOSITORY_FILE) return fromFile(RESTIC_REPOSITORY_FILE, workingDirectory);
  throw new CommandError(
    "usage",
    "which repository? Give --repo DIR or --repo rest:http://HOST/PATH/, or set MYCLOUD_REPOSITORY",
  );
}

async function fromFile(path: string, workingDirectory: string): Promise<string> {
  const location = (await readFile(resolveFrom(workingDirectory, path), "utf8")).trim();
  if (location === "")
    throw new CommandError("input", `${path} is empty; the location of a repository is expected there`);
  return absolute(location, workingDirectory);
}

/** A directory against where the person stands; everything else as it is. */
export function absolute(location: string, workingDirectory: string): string {
  if (location === "") throw new CommandError("usage", "the repository's location is empty; name a directory");
  if (location.startsWith("local:")) return resolveFrom(workingDirectory, location.slice("local:".length));
  return /^[a-z][a-z0-9+.-]+:/i.test(location) ? location : resolveFrom(workingDirectory, location);
}

function duration(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = parseDurationMs(text);
  if (value === undefined)
    throw new CommandError("usage", `${option} is "${text}"; write a duration such as 30s, 5m or 1h`);
  return value;
}
