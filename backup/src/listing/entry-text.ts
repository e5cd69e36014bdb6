import { type ByteString, displayText } from "../byte-string/index.ts";
import { goFileMode } from "../tree/file-mode.ts";
import type { Node, NodeType } from "../tree/index.ts";
import type { ListedEntry } from "./listed-entry.ts";

const typeLetters: Readonly<Record<NodeType, string>> = {
  file: "-",
  dir: "d",
  symlink: "l",
  dev: "b",
  chardev: "c",
  fifo: "p",
  socket: "s",
  irregular: "?",
};

/** The line of an entry for people: its path, or with `isLong` also mode, owner, size and modification time, as `ls -l` has them. */
export function entryLine(entry: ListedEntry, options: { readonly isLong: boolean }): string {
  const path = displayText(entry.path);
  if (!options.isLong) return path;
  const { node } = entry;
  const target = node.linkTarget === undefined ? "" : ` -> ${displayText(node.linkTarget)}`;
  const numbers = `${column(node.uid, 5)} ${column(node.gid, 5)} ${column(node.size ?? 0, 6)}`;
  return `${permissionsText(node)} ${numbers} ${localTime(node.mtime)} ${path}${target}`;
}

/**
 * An entry as `--json` shows it, in the field names of restic's `ls --json`. A path or link target that is no UTF-8 is also given as
 * `path_base64`, `linktarget_base64`.
 */
export function entryJson(entry: ListedEntry): Readonly<Record<string, unknown>> {
  const { node } = entry;
  return {
    name: utf8(node.name),
    type: node.type,
    path: utf8(entry.path),
    ...(isUtf8(entry.path) ? {} : { path_base64: base64(entry.path) }),
    uid: node.uid,
    gid: node.gid,
    ...(node.user === undefined ? {} : { user: node.user }),
    ...(node.group === undefined ? {} : { group: node.group }),
    ...(node.type === "file" ? { size: node.size ?? 0 } : {}),
    mode: goFileMode(node.type, node.mode),
    permissions: permissionsText(node),
    mtime: node.mtime,
    atime: node.atime,
    ctime: node.ctime,
    ...(node.inode === undefined ? {} : { inode: node.inode }),
    ...(node.linkTarget === undefined ? {} : { linktarget: utf8(node.linkTarget) }),
    ...(node.linkTarget === undefined || isUtf8(node.linkTarget) ? {} : { linktarget_base64: base64(node.linkTarget) }),
    struct_type: "node",
  };
}

/** Type and permissions as `ls -l` writes them, e.g. `-rwsr-x--T`. */
export function permissionsText(node: Pick<Node, "type" | "mode">): string {
  const letters = (bits: number, special: boolean, mark: string) => {
    const execute = (bits & 1) !== 0;
    const last = special ? (execute ? mark : mark.toUpperCase()) : execute ? "x" : "-";
    return `${(bits & 4) !== 0 ? "r" : "-"}${(bits & 2) !== 0 ? "w" : "-"}${last}`;
  };
  const { mode } = node;
  const owner = letters(mode >> 6, (mode & 0o4000) !== 0, "s");
  const group = letters(mode >> 3, (mode & 0o2000) !== 0, "s");
  return `${typeLetters[node.type]}${owner}${group}${letters(mode, (mode & 0o1000) !== 0, "t")}`;
}

function column(value: number, width: number): string {
  return String(value).padStart(width);
}

/** To the second, in this process's zone. */
function localTime(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function utf8(name: ByteString): string {
  return Buffer.from(name, "latin1").toString("utf8");
}

function isUtf8(name: ByteString): boolean {
  return Buffer.from(utf8(name), "utf8").toString("latin1") === name;
}

function base64(name: ByteString): string {
  return Buffer.from(name, "latin1").toString("base64");
}
