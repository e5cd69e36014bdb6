import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { BackupOptions, BackupSource, CompressionMode, Exclusions, ParentChoice } from "@mycloud/backup/archiver";
import type { ByteString } from "@mycloud/backup/byte-string";
import type { Command } from "commander";
import {
  CommandError,
  collect,
  oneOf,
  programVersion,
  resolveFrom,
  type Terminal,
  wholeNumber,
} from "../../command-line/index.ts";
import { parseLocalTimeMs } from "./local-time.ts";
import { absolutePath, pathArgument } from "./path-argument.ts";
import type { RepositoryFlags } from "./repository-options.ts";
import { type GroupKey, groupKeysOf, splitTags, thisHost } from "./snapshot-options.ts";

const compressionModes = ["auto", "off", "max"] as const;

export interface ExcludeFlags {
  readonly exclude?: string[];
  readonly iexclude?: string[];
  readonly excludeFile?: string[];
  readonly iexcludeFile?: string[];
}

export interface BackupFlags extends RepositoryFlags, ExcludeFlags {
  readonly excludeCaches?: boolean;
  readonly excludeIfPresent?: string[];
  readonly excludeLargerThan?: string;
  readonly oneFileSystem?: boolean;
  readonly filesFrom?: string[];
  readonly filesFromVerbatim?: string[];
  readonly filesFromRaw?: string[];
  readonly tag?: string[];
  readonly host?: string;
  readonly time?: string;
  readonly parent?: string;
  readonly force?: boolean;
  readonly groupBy?: GroupKey[];
  readonly ignoreCtime?: boolean;
  readonly ignoreInode?: boolean;
  readonly withAtime?: boolean;
  readonly dryRun?: boolean;
  readonly skipIfUnchanged?: boolean;
  readonly scan?: boolean;
  readonly stdin?: boolean;
  readonly stdinFilename?: string;
  readonly stdinFromCommand?: boolean;
  readonly compression?: CompressionMode;
  readonly packSize?: number;
  readonly readConcurrency?: number;
}

/** Adds --exclude and its kin, for backup and rewrite. */
export function addExcludeOptions(command: Command): Command {
  return command
    .option("-e, --exclude <PATTERN>", "leave out what matches; repeatable", collect)
    .option("--iexclude <PATTERN>", "the same, upper and lower case alike", collect)
    .option("--exclude-file <FILE>", "leave out what matches a line of this file; repeatable", collect)
    .option("--iexclude-file <FILE>", "the same, upper and lower case alike", collect);
}

/** Adds the options of `backup` that are not about the repository. */
export function addBackupOptions(command: Command): Command {
  addExcludeOptions(command)
    .option("--exclude-caches", "leave out the content of directories with a CACHEDIR.TAG")
    .option(
      "--exclude-if-present <NAME[:HEADER]>",
      "leave out the content of directories that have this file; repeatable",
      collect,
    )
    .option("--exclude-larger-than <SIZE>", "leave out larger files, e.g. 500M")
    .option("-x, --one-file-system", "stay on the file systems of the paths")
    .option("--files-from <FILE>", "also back up what the patterns in this file name; - is standard input", collect)
    .option("--files-from-verbatim <FILE>", "the same, a path a line, no patterns", collect)
    .option("--files-from-raw <FILE>", "the same, each path ended by a NUL byte", collect)
    .option("--tag <TAG,TAG>", "tag the snapshot; repeatable", collect)
    .option("-H, --host <HOST>", "the host the snapshot names (env RESTIC_HOST; default this one)")
    .option("--time <TIME>", "the time the snapshot names, e.g. 2026-11-22T20:15:00Z (default now)")
    .option("--parent <SNAPSHOT>", "compare with this snapshot (default the newest of the same host and paths)")
    .option("-f, --force", "read every file again, compare with nothing")
    .option(
      "-g, --group-by <KEYS>",
      "find the parent among snapshots of the same host,paths,tags (default host,paths)",
      groupKeysOf,
    )
    .option("--ignore-ctime", "a file whose ctime alone changed is unchanged")
    .option("--ignore-inode", "a file whose inode or ctime alone changed is unchanged")
    .option("--with-atime", "record access times")
    .option("-n, --dry-run", "say what would be added, and write nothing")
    .option("--skip-if-unchanged", "make no snapshot when it would equal its parent")
    .option("--no-scan", "do not count files beforehand for the progress")
    .option("--stdin", "back up standard input as one file")
    .option("--stdin-filename <NAME>", "what that file is called (default stdin)")
    .option("--stdin-from-command", "back up what the command prints, as one file; no snapshot if the command fails")
    .option(
      "--compression <MODE>",
      `${compressionModes.join(", ")} (env RESTIC_COMPRESSION; default auto)`,
      oneOf(compressionModes),
    )
    .option("--pack-size <MIB>", "size of pack files (env RESTIC_PACK_SIZE; default 16)", wholeNumber(4, 128))
    .option(
      "--read-concurrency <N>",
      "threads that read (env RESTIC_READ_CONCURRENCY; default one a processor, at most 4)",
      wholeNumber(1, 64),
    );
  return command;
}

/** The modules of the engine that options are read with. */
export interface OptionEngine {
  readonly pattern: typeof import("@mycloud/backup/pattern");
  readonly bytes: typeof import("@mycloud/backup/byte-string");
}

/** What the flags ask of the engine. Reads the files they name. Throws CommandError and the engine's InputError. */
export async function backupOptions(
  terminal: Terminal,
  flags: BackupFlags,
  words: readonly string[],
  engine: OptionEngine,
): Promise<BackupOptions> {
  const source = await sourceOf(terminal, flags, words, engine);
  const { environment } = terminal;
  const compression = flags.compression ?? oneOfEnvironment(environment.RESTIC_COMPRESSION);
  const packSizeMib = flags.packSize ?? numberOfEnvironment("RESTIC_PACK_SIZE", environment.RESTIC_PACK_SIZE, 4, 128);
  const threads =
    flags.readConcurrency ?? numberOfEnvironment("RESTIC_READ_CONCURRENCY", environment.RESTIC_READ_CONCURRENCY, 1, 64);
  const { username, uid, gid } = userOfProcess(environment);
  return {
    source,
    hostname: flags.host ?? thisHost(environment),
    now: terminal.now,
    ...(flags.time === undefined ? {} : { timeMs: timeOf(flags.time) }),
    tags: [...new Set((flags.tag ?? []).flatMap(splitTags))],
    username,
    uid,
    gid,
    programVersion: `mycloud ${programVersion()}`,
    exclude: await exclusionsOf(terminal, flags, engine),
    parent: parentOf(flags),
    ignoreCtime: flags.ignoreCtime === true,
    ignoreInode: flags.ignoreInode === true,
    withAtime: flags.withAtime === true,
    isDryRun: flags.dryRun === true,
    skipIfUnchanged: flags.skipIfUnchanged === true,
    noScan: flags.scan === false,
    ...(compression === undefined ? {} : { compression }),
    ...(packSizeMib === undefined ? {} : { packSizeBytes: packSizeMib * 2 ** 20 }),
    ...(threads === undefined ? {} : { threads }),
  };
}

async function sourceOf(
  terminal: Terminal,
  flags: BackupFlags,
  words: readonly string[],
  engine: OptionEngine,
): Promise<BackupSource> {
  const fileName = engine.bytes.byteString(flags.stdinFilename ?? "stdin");
  if (flags.stdinFromCommand) {
    const [program, ...args] = words;
    if (flags.stdin) throw new CommandError("usage", "--stdin and --stdin-from-command exclude each other");
    if (program === undefined) {
      throw new CommandError("usage", "which command? Write it after --, e.g. --stdin-from-command -- pg_dump shop");
    }
    return { kind: "command", command: [program, ...args], fileName };
  }
  if (flags.stdin) {
    if (words.length > 0 || flags.filesFrom || flags.filesFromVerbatim || flags.filesFromRaw) {
      throw new CommandError("usage", "--stdin backs up standard input alone; leave out the paths");
    }
    return { kind: "stream", content: bytesOf(terminal.stdin), fileName };
  }
  const listed = await listedPaths(terminal, flags, engine);
  const paths = [...words.map((word) => pathArgument(word)), ...listed].map((path) =>
    absolutePath(path, terminal.workingDirectory),
  );
  if (paths.length === 0) throw new CommandError("usage", "nothing to back up: name paths, --files-from or --stdin");
  return { kind: "paths", paths: [...new Set(paths)] };
}

async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function listedPaths(terminal: Terminal, flags: BackupFlags, { pattern }: OptionEngine): Promise<ByteString[]> {
  const paths: ByteString[] = [];
  const readList = async (file: string) =>
    file === "-" ? await buffer(terminal.stdin) : await readFile(resolveFrom(terminal.workingDirectory, file));
  for (const file of flags.filesFrom ?? []) {
    for (const line of pattern.parseFilesFrom(await readList(file))) {
      const found = pattern.expandGlob(absolutePath(line, terminal.workingDirectory));
      if (found.length === 0) await sayNothingMatches(terminal, line, file);
      paths.push(...found);
    }
  }
  for (const file of flags.filesFromVerbatim ?? []) paths.push(...pattern.parseFilesFromVerbatim(await readList(file)));
  for (const file of flags.filesFromRaw ?? []) paths.push(...pattern.parseFilesFromRaw(await readList(file)));
  return paths;
}

async function sayNothingMatches(terminal: Terminal, line: string, file: string): Promise<void> {
  const { displayText, joinBytes } = await import("@mycloud/backup/byte-string");
  terminal.stderr.write(`mycloud: ${file}: nothing matches ${displayText(joinBytes(line))}\n`);
}

/** The patterns of --exclude and the files of --exclude-file, as texts. */
export async function excludePatterns(
  terminal: Terminal,
  flags: ExcludeFlags,
  { pattern }: OptionEngine,
): Promise<{ readonly patterns: ByteString[]; readonly caseInsensitivePatterns: ByteString[] }> {
  const fromFiles = async (files: readonly string[] | undefined) => {
    const lists = (files ?? []).map(async (file) =>
      pattern.parsePatternFile(await readFile(resolveFrom(terminal.workingDirectory, file)), terminal.environment),
    );
    return (await Promise.all(lists)).flat();
  };
  const typed = (texts: readonly string[] | undefined) => (texts ?? []).map((text) => pathArgument(text));
  return {
    patterns: [...typed(flags.exclude), ...(await fromFiles(flags.excludeFile))],
    caseInsensitivePatterns: [...typed(flags.iexclude), ...(await fromFiles(flags.iexcludeFile))],
  };
}

async function exclusionsOf(terminal: Terminal, flags: BackupFlags, engine: OptionEngine): Promise<Exclusions> {
  const { excludeLargerThan } = flags;
  return {
    ...(await excludePatterns(terminal, flags, engine)),
    ifPresent: (flags.excludeIfPresent ?? []).map((name) => pathArgument(name)),
    caches: flags.excludeCaches === true,
    otherFileSystems: flags.oneFileSystem === true,
    ...(excludeLargerThan === undefined
      ? {}
      : { largerThanBytes: engine.pattern.parseSize(excludeLargerThan, "--exclude-larger-than") }),
  };
}

function parentOf(flags: BackupFlags): ParentChoice {
  if (flags.force && flags.parent !== undefined) {
    throw new CommandError("usage", "--force compares with nothing, --parent with a snapshot; give one of them");
  }
  if (flags.force) return { kind: "none" };
  if (flags.parent !== undefined) return { kind: "snapshot", id: flags.parent };
  return flags.groupBy === undefined ? { kind: "newest" } : { kind: "newest", groupBy: flags.groupBy };
}

function timeOf(text: string): number {
  const atMs = parseLocalTimeMs(text);
  if (atMs !== undefined) return atMs;
  throw new CommandError("usage", `--time is "${text}"; write 2026-11-22T20:15:00Z or "2026-11-22 20:15:00"`);
}

function oneOfEnvironment(text: string | undefined): CompressionMode | undefined {
  if (!text) return undefined;
  const mode = compressionModes.find((candidate) => candidate === text);
  if (mode !== undefined) return mode;
  throw new CommandError(
    "configuration",
    `RESTIC_COMPRESSION is "${text}"; write one of ${compressionModes.join(", ")}`,
  );
}

function numberOfEnvironment(
  name: string,
  text: string | undefined,
  minimum: number,
  maximum: number,
): number | undefined {
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new CommandError("configuration", `${name} is "${text}"; write a whole number from ${minimum} to ${maximum}`);
}

/** Who makes the snapshot. The name is looked up in the environment first: asking the system costs a file or more. */
function userOfProcess(environment: Terminal["environment"]): { username: string; uid: number; gid: number } {
  const uid = process.getuid?.() ?? 0;
  const username = uid === 0 ? "root" : environment.USER || environment.LOGNAME || String(uid);
  return { username, uid, gid: process.getgid?.() ?? 0 };
}
