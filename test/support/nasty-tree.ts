import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { type ByteString, byteString } from "@mycloud/backup/byte-string";
import { type Directory, openRoot } from "@mycloud/backup/filesystem";
import { buildAttributes, buildTimes } from "./nasty-metadata.ts";

/** What a backup finds hard, each in a directory of its own. */
export const nastyParts = [
  "names",
  "deep",
  "links",
  "special",
  "modes",
  "attributes",
  "times",
  "data",
  "shapes",
] as const;
export type NastyPart = (typeof nastyParts)[number];

export interface NastyTreeOptions {
  /** How many entries the directory with many has. */
  readonly hugeDirectorySize: number;
  /** Whether to make what only root can: other owners, devices, `trusted.*`, capabilities. */
  readonly asRoot: boolean;
}

/**
 * Builds a tree of everything a backup must carry below a directory that is there and empty: hostile names, paths beyond PATH_MAX, links
 * of every kind, special files, all modes, attributes and ACLs, times from 1901 to 2446, holes, huge and deep directories.
 */
export async function buildNastyTree(path: string, options: NastyTreeOptions): Promise<void> {
  const builders: Record<NastyPart, (path: string, options: NastyTreeOptions) => void | Promise<void>> = {
    names: buildNames,
    deep: buildDeepPath,
    links: buildLinks,
    special: buildSpecialFiles,
    modes: buildModes,
    attributes: buildAttributes,
    times: buildTimes,
    data: buildData,
    shapes: buildShapes,
  };
  for (const part of nastyParts) {
    mkdirSync(`${path}/${part}`);
    await builders[part](`${path}/${part}`, options);
  }
}

/** A name by its bytes: text, with `\xNN` for a byte. */
function nameOf(text: string): ByteString {
  return byteString(text).replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  ) as ByteString;
}

function writeIn(directory: Directory, name: ByteString, content: string): void {
  const fd = directory.createFile(name);
  writeSync(fd, content);
  closeSync(fd);
}

function buildNames(path: string): void {
  using directory = openRoot(byteString(path));
  const names = [
    [
      "two\nlines",
      "\ttab\rreturn",
      " spaces around ",
      "-rf",
      "--help",
      "~",
      "$HOME",
      "`id`",
      "$(id)",
      "*?[a]{b,c}|&;<>!",
    ],
    ["\\\\backslash\\\\", `"quoted'`, "...", ".hidden", "%2e%2e%2f", "a:b", "NUL", "aux.txt", "UPPER", "upper", "#x#"],
    [
      "\\xff\\xfe",
      "cut-\\xc3",
      "latin1-\\xe9",
      "overlong-\\xc0\\xaf",
      "surrogate-\\xed\\xa0\\xbd",
      "\\xf5\\x80\\x80\\x80",
    ],
    [
      "composed-\u00e9",
      "decomposed-e\u0301",
      "\u202eexe.txt",
      "\ufeffbom",
      "\u2028line",
      "日本語",
      "💾",
      "\x01\x1b[31m\x7f",
    ],
    ["n".repeat(255), "漢".repeat(85), "\\x80".repeat(255)],
  ].flat();
  for (const [index, name] of names.entries()) writeIn(directory, nameOf(name), `file ${index}`);
  for (const name of ["directory\nline", "directory-\\xff"].map(nameOf)) {
    directory.makeDirectory(name);
    using inside = directory.openDirectory(name);
    writeIn(inside, nameOf("in\\xfeside\n"), "inside");
  }
}

function buildDeepPath(path: string): void {
  let directory = openRoot(byteString(path));
  // 30 times 201 bytes: no path through it is one the system takes.
  for (let depth = 0; depth < 30; depth++) {
    const name = byteString(String(depth % 10).repeat(200));
    directory.makeDirectory(name);
    const next = directory.openDirectory(name);
    directory.close();
    directory = next;
  }
  writeIn(directory, byteString("bottom"), "reached");
  directory.makeSymlink(byteString("link"), byteString("bottom"));
  directory.makeHardLink(byteString("bottom-2"), directory, byteString("bottom"));
  directory.close();
}

function buildLinks(path: string, { asRoot }: NastyTreeOptions): void {
  const at = (name: string) => `${path}/${name}`;
  mkdirSync(at("below"));
  writeFileSync(at("small-1"), "hard");
  linkSync(at("small-1"), at("small-2"));
  linkSync(at("small-1"), at("below/small-3"));
  writeFileSync(at("big-1"), Buffer.alloc(3_000_000, "hard links share what they hold "));
  linkSync(at("big-1"), at("below/big-2"));
  const targets: Record<string, string> = {
    relative: "small-1",
    absolute: "/etc/passwd",
    dangling: "no/such/file",
    "loop-a": "loop-b",
    "loop-b": "loop-a",
    itself: "itself",
    here: ".",
    up: "..",
    "to-directory": "below",
    "trailing-slash": "below/",
    longest: "t".repeat(4095),
    control: "tab\tnewline\n",
  };
  for (const [name, target] of Object.entries(targets)) symlinkSync(target, at(name));
  using directory = openRoot(byteString(path));
  directory.makeSymlink(byteString("not-utf8"), nameOf("\\xff\\xfe/\\xc3"));
  directory.makeHardLink(byteString("dangling-2"), directory, byteString("dangling"));
  if (asRoot) execFileSync("chown", ["--no-dereference", "4321:1234", at("relative")]);
}

async function buildSpecialFiles(path: string, { asRoot }: NastyTreeOptions): Promise<void> {
  const at = (name: string) => `${path}/${name}`;
  execFileSync("mkfifo", ["--mode=0640", at("fifo")]);
  linkSync(at("fifo"), at("fifo-2"));
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(at("socket"), resolve));
  // Closing removes the socket's entry, so it is kept under another name.
  linkSync(at("socket"), at("socket-left"));
  await new Promise((resolve) => server.close(resolve));
  if (!asRoot) return;
  execFileSync("mknod", [at("null"), "c", "1", "3"]);
  execFileSync("mknod", [at("block"), "b", "7", "200"]);
  execFileSync("mknod", [at("largest"), "c", "511", "1048575"]);
  execFileSync("mknod", [at("whiteout"), "c", "0", "0"]);
  linkSync(at("null"), at("null-2"));
}

function buildModes(path: string, { asRoot }: NastyTreeOptions): void {
  const readable = [0o400, 0o444, 0o500, 0o600, 0o644, 0o755, 0o1644, 0o2755, 0o4755, 0o6755, 0o7777];
  const unreadable = [0o000, 0o001, 0o200, 0o311];
  for (const mode of asRoot ? [...readable, ...unreadable] : readable) {
    const octal = mode.toString(8).padStart(4, "0");
    writeFileSync(`${path}/file-${octal}`, octal);
    chmodSync(`${path}/file-${octal}`, mode);
  }
  for (const mode of asRoot ? [0o000, 0o311, 0o555, 0o1777, 0o2775] : [0o555, 0o700, 0o1777]) {
    const directory = `${path}/directory-${mode.toString(8).padStart(4, "0")}`;
    mkdirSync(directory);
    writeFileSync(`${directory}/inside`, "inside");
    chmodSync(directory, mode);
  }
  if (!asRoot) return;
  for (const [uid, gid] of [
    [0, 0],
    [65534, 65534],
    [1_234_567, 7_654_321],
    [2 ** 32 - 2, 2 ** 32 - 2],
  ] as const) {
    writeFileSync(`${path}/owned-by-${uid}`, "owned");
    chownSync(`${path}/owned-by-${uid}`, uid, gid);
  }
  // chown takes the set-id bits away, so a backup must give them back afterwards.
  chownSync(`${path}/file-6755`, 1000, 1000);
  chmodSync(`${path}/file-6755`, 0o6755);
}

function buildData(path: string): void {
  const at = (name: string) => `${path}/${name}`;
  writeFileSync(at("empty"), "");
  writeFileSync(at("one-byte"), "x");
  writeFileSync(at("zeros-written"), Buffer.alloc(200_000));
  const pattern = Buffer.alloc(4 * 1024 * 1024 + 1);
  // Numbers that do not repeat within a file and are the same every time.
  for (let offset = 0, state = 1; offset + 4 <= pattern.length; offset += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pattern.writeUInt32LE(state, offset);
  }
  for (const size of [4095, 4096, 4097, 512 * 1024, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, pattern.length]) {
    writeFileSync(at(`size-${size}`), pattern.subarray(0, size));
  }
  writeSparse(at("hole-only"), 80 * 1024 * 1024, []);
  writeSparse(at("hole-at-end"), 50_000_000, [0]);
  writeSparse(at("hole-at-beginning"), 50_000_000, [49_999_990]);
  writeSparse(at("holes-between"), 64 * 1024 * 1024, [0, 8_388_609, 33_554_433, 67_108_860]);
  execFileSync("fallocate", ["--length", "4MiB", at("preallocated")]);
}

function writeSparse(path: string, size: number, offsets: readonly number[]): void {
  const fd = openSync(path, "w");
  ftruncateSync(fd, size);
  for (const offset of offsets) writeSync(fd, Buffer.from("data").subarray(0, size - offset), 0, null, offset);
  closeSync(fd);
}

function buildShapes(path: string, { hugeDirectorySize }: NastyTreeOptions): void {
  mkdirSync(`${path}/empty/in/empty`, { recursive: true });
  mkdirSync(`${path}/cache`);
  writeFileSync(`${path}/cache/CACHEDIR.TAG`, "Signature: 8a477f597d28d172789f06886806bc55\n");
  writeFileSync(`${path}/cache/made-again`, "x");
  mkdirSync(`${path}/excluded`);
  writeFileSync(`${path}/excluded/.nobackup`, "");
  writeFileSync(`${path}/excluded/not-wanted`, "x");
  mkdirSync(`${path}/huge`);
  for (let index = 0; index < hugeDirectorySize; index++) {
    writeFileSync(`${path}/huge/entry-${index}`, index % 10 === 0 ? String(index) : "");
  }
  let directory = openRoot(byteString(path));
  for (let depth = 0; depth < 300; depth++) {
    const name = byteString("x");
    directory.makeDirectory(name);
    const next = directory.openDirectory(name);
    directory.close();
    directory = next;
  }
  writeIn(directory, byteString("innermost"), "x");
  directory.close();
}
