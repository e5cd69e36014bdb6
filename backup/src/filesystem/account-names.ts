import { readFileSync } from "node:fs";
import { loadLibc } from "./libc.ts";

/** The names of users and groups of this host, both ways. */
export interface AccountNames {
  /** Undefined when nobody has that number. */
  userName(uid: number): string | undefined;
  groupName(gid: number): string | undefined;
  uidOf(userName: string): number | undefined;
  gidOf(groupName: string): number | undefined;
}

/**
 * The accounts the host knows from wherever it knows them (files, LDAP ...), each asked for once; where libc cannot be called, those of
 * /etc/passwd and /etc/group.
 */
export function loadAccountNames(): AccountNames {
  const libc = loadLibc();
  if (!libc.isAvailable) return accountNamesOfFiles("/etc/passwd", "/etc/group");
  const { calls, textAt } = libc;
  return {
    userName: remember((uid) => ask((...rest) => calls.getpwuid_r(uid, ...rest), nameOf(textAt))),
    groupName: remember((gid) => ask((...rest) => calls.getgrgid_r(gid, ...rest), nameOf(textAt))),
    uidOf: remember((name) => ask((...rest) => calls.getpwnam_r(cString(name), ...rest), numberOf)),
    gidOf: remember((name) => ask((...rest) => calls.getgrnam_r(cString(name), ...rest), numberOf)),
  };
}

/** The accounts of two files in the form of passwd(5) and group(5). */
export function accountNamesOfFiles(passwdPath: string, groupPath: string): AccountNames {
  const users = parseAccounts(readIfThere(passwdPath));
  const groups = parseAccounts(readIfThere(groupPath));
  return {
    userName: (uid) => users.names.get(uid),
    groupName: (gid) => groups.names.get(gid),
    uidOf: (name) => users.numbers.get(name),
    gidOf: (name) => groups.numbers.get(name),
  };
}

function remember<Key, Answer>(question: (key: Key) => Answer): (key: Key) => Answer | undefined {
  const answers = new Map<Key, Answer>();
  return (key) => {
    if (!answers.has(key)) answers.set(key, question(key));
    return answers.get(key);
  };
}

type AccountCall = (entry: Buffer, strings: Buffer, size: number, found: Buffer) => number;

/** `entry` becomes a struct passwd or group: pointers to name and password (8 bytes each), then the number. */
function ask<Answer>(call: AccountCall, answerOf: (entry: Buffer) => Answer): Answer | undefined {
  const entry = Buffer.alloc(64);
  const found = Buffer.alloc(8);
  // Groups with many members need more room; ERANGE asks for it.
  for (let size = 4096; size <= 1 << 22; size *= 4) {
    const strings = Buffer.alloc(size);
    const errno = call(entry, strings, size, found);
    if (errno === 34) continue;
    return errno === 0 && found.readBigUInt64LE(0) !== 0n ? answerOf(entry) : undefined;
  }
  return undefined;
}

function nameOf(textAt: (pointer: bigint) => string): (entry: Buffer) => string {
  return (entry) => textAt(entry.readBigUInt64LE(0));
}

function numberOf(entry: Buffer): number {
  return entry.readUInt32LE(16);
}

function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`, "utf8");
}

/** `name:password:number:...` a line; the first line of a name or a number counts. */
function parseAccounts(text: string): {
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
} {
  const names = new Map<number, string>();
  const numbers = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name, , digits] = line.split(":");
    if (name === undefined || name === "" || digits === undefined || !/^\d+$/.test(digits)) continue;
    const number = Number(digits);
    if (!names.has(number)) names.set(number, name);
    if (!numbers.has(name)) numbers.set(name, number);
  }
  return { names, numbers };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // A host without the file (a bare container) has numbers only.
    return "";
  }
}
