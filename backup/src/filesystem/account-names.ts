import { readFileSync } from "node:fs";

/** The names of users and groups of this host, both ways. */
export interface AccountNames {
  /** Undefined when nobody has that number. */
  userName(uid: number): string | undefined;
  groupName(gid: number): string | undefined;
  uidOf(userName: string): number | undefined;
  gidOf(groupName: string): number | undefined;
}

/** Accounts of the two files of passwd(5) and group(5), read at the first question. */
export function loadAccountNames(passwdPath = "/etc/passwd", groupPath = "/etc/group"): AccountNames {
  const users = lazyTable(passwdPath);
  const groups = lazyTable(groupPath);
  return {
    userName: (uid) => users().names.get(uid),
    groupName: (gid) => groups().names.get(gid),
    uidOf: (name) => users().numbers.get(name),
    gidOf: (name) => groups().numbers.get(name),
  };
}

interface AccountTable {
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

function lazyTable(path: string): () => AccountTable {
  let table: AccountTable | undefined;
  return () => {
    table ??= parseAccounts(readIfThere(path));
    return table;
  };
}

/** `name:password:number:...` a line; the first line of a name or a number counts. */
export function parseAccounts(text: string): AccountTable {
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
