import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, readSync } from "node:fs";
import { type ByteString, byteString, displayText, joinBytes } from "@mycloud/backup/byte-string";
import { type Directory, openRoot } from "@mycloud/backup/filesystem";

/** What two trees are compared in; each line names a difference. */
export interface TreeComparison {
  /** Entries of the first tree. */
  readonly entries: number;
  readonly differences: readonly string[];
  /** Blocks of 512 bytes that the files of each tree take. */
  readonly blocks: readonly [number, number];
}

/**
 * Compares two trees in everything a backup carries, with other programs than the ones under test wherever there are any: `find` for
 * types, modes, owners, times, sizes, targets and hard links, `stat` for devices, `getfattr` for attributes and ACLs, `lsattr` for flags,
 * and our own reading for the content alone. The top directories themselves are compared too. The comparison runs as root or on readable
 * trees.
 */
export function compareTrees(first: string, second: string): TreeComparison {
  const [one, two] = [listTree(first), listTree(second)];
  const differences = [
    ...differencesOf("", one.entries, two.entries),
    ...differencesOf("content of ", contentsOf(first), contentsOf(second)),
    ...differencesOf("attributes of ", attributesOf(first), attributesOf(second)),
    ...differencesOf("flags of ", flagsOf(first), flagsOf(second)),
    ...differencesOf("device ", devicesOf(first), devicesOf(second)),
  ];
  return { entries: one.entries.size, differences, blocks: [one.blocks, two.blocks] };
}

function differencesOf(
  what: string,
  first: ReadonlyMap<string, string>,
  second: ReadonlyMap<string, string>,
): readonly string[] {
  const differences: string[] = [];
  for (const [path, value] of first) {
    const other = second.get(path);
    if (other === value) continue;
    const shown = displayText(joinBytes(path));
    differences.push(`${what}${shown}: ${value} became ${other === undefined ? "nothing" : other}`);
  }
  for (const [path, value] of second) {
    if (!first.has(path)) differences.push(`${what}${displayText(joinBytes(path))}: nothing became ${value}`);
  }
  return differences;
}

/** find walks by relative descriptors, so it reaches what lies beyond PATH_MAX. */
function listTree(root: string): { readonly entries: ReadonlyMap<string, string>; readonly blocks: number } {
  const format = ["%P", "%y", "%m", "%U:%G", "%T@", "%s", "%l", "%n", "%i", "%b"].join("\\0");
  const fields = run("find", [root, "-printf", `${format}\\0`]).split("\0");
  const entries = new Map<string, string>();
  const firstOfInode = new Map<string, string>();
  let blocks = 0;
  const rows: string[][] = [];
  for (let index = 0; index + 10 <= fields.length; index += 10) rows.push(fields.slice(index, index + 10));
  // In the order of names, so that the first name of a file with several is the same one in both trees.
  rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  for (const [path = "", type, mode, owner, mtime, size, target = "", links, inode = "", blockCount] of rows) {
    if (type === "f") blocks += Number(blockCount);
    let linkedTo = "";
    if (type !== "d" && links !== "1") {
      linkedTo = ` linked to ${displayText(joinBytes(firstOfInode.get(inode) ?? path))} (${links} names)`;
      if (!firstOfInode.has(inode)) firstOfInode.set(inode, path);
    }
    const sizeShown = type === "f" || type === "l" ? ` size ${size}` : "";
    const targetShown = type === "l" ? ` to ${displayText(joinBytes(target))}` : "";
    entries.set(path, `${type} ${mode} ${owner} mtime ${mtime}${sizeShown}${targetShown}${linkedTo}`);
  }
  return { entries, blocks };
}

function contentsOf(root: string): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  const buffer = Buffer.alloc(1 << 20);
  const walk = (directory: Directory, prefix: string) => {
    for (const name of directory.readNames()) {
      const { type } = directory.stat(name);
      if (type === "file") contents.set(prefix + name, hashOf(directory, name, buffer));
      if (type !== "dir") continue;
      using child = directory.openDirectory(name);
      walk(child, `${prefix}${name}/`);
    }
  };
  using directory = openRoot(byteString(root));
  walk(directory, "");
  return contents;
}

function hashOf(directory: Directory, name: ByteString, buffer: Buffer): string {
  const hash = createHash("sha256");
  const fd = directory.openFile(name);
  try {
    for (let position = 0; ; ) {
      const length = readSync(fd, buffer, 0, buffer.length, position);
      if (length === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, length));
      position += length;
    }
  } finally {
    closeSync(fd);
  }
}

/** Attributes with their values, of links themselves; getfattr does not reach beyond PATH_MAX and says so, which is passed over. */
function attributesOf(root: string): ReadonlyMap<string, string> {
  const names = run("find", [root, "-mindepth", "1", "-printf", "%P\\0"]).split("\0");
  const reachable = names.filter((name) => name !== "" && name.length < 4000);
  const attributes = new Map<string, string>();
  const dump = run("xargs", ["-0", "getfattr", "-h", "-m", "-", "-d", "-e", "hex"], {
    cwd: root,
    input: Buffer.from(reachable.map((name) => `./${name}\0`).join(""), "latin1"),
  });
  for (const record of dump.split("\n\n")) {
    const [header = "", ...values] = record.split("\n");
    if (values.length > 0) attributes.set(header.replace("# file: ", ""), values.sort().join(" "));
  }
  return attributes;
}

function flagsOf(root: string): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  // lsattr prints names as they are: a newline in one makes lines that are no flags, in both trees alike.
  for (const line of run("lsattr", ["-R", "-a", "."], { cwd: root }).split("\n")) {
    const [, letters, path] = /^([-a-zA-Z]{20,24}) (.*)$/.exec(line) ?? [];
    // Extents, index and inline data are the filesystem's own affair.
    const wanted = letters?.replace(/[-eIN]/g, "");
    if (path !== undefined && wanted !== undefined && wanted !== "") flags.set(path, wanted);
  }
  return flags;
}

function devicesOf(root: string): ReadonlyMap<string, string> {
  const lines = run("find", [
    root,
    "(",
    "-type",
    "c",
    "-o",
    "-type",
    "b",
    ")",
    "-exec",
    "stat",
    "--format=%n %t:%T",
    "{}",
    ";",
  ]);
  const devices = new Map<string, string>();
  for (const line of lines.split("\n")) {
    const [path, numbers] = line.slice(root.length).split(" ");
    if (path !== undefined && numbers !== undefined) devices.set(path, numbers);
  }
  return devices;
}

/** What a program prints, each byte as a character. What it cannot reach it says on stderr, and the walks over both trees are the same. */
function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: Buffer } = {},
): string {
  const { stdout, error } = spawnSync(program, args, {
    ...options,
    encoding: "latin1",
    maxBuffer: 1 << 30,
    env: { ...process.env, LC_ALL: "C" },
  });
  if (error !== undefined) throw error;
  return stdout;
}

/** Whether the programs the comparison asks are there. */
export function canCompareTrees(): boolean {
  try {
    for (const program of ["find", "getfattr", "lsattr", "stat"]) execFileSync("which", [program]);
    return true;
  } catch {
    return false;
  }
}
