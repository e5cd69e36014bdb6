import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ByteString, byteString, byteStringOf, joinBytes } from "@mycloud/backup/byte-string";
import { cleanPath } from "@mycloud/backup/pattern";

/**
 * A path as typed, in its own bytes. Node decodes arguments as UTF-8 and puts U+FFFD for what is none; the kernel still has them, so those
 * arguments are looked up there.
 */
export function pathArgument(text: string, readCommandLine: () => Uint8Array = readOwnCommandLine): ByteString {
  if (!text.includes("\ufffd")) return byteString(text);
  const line = Buffer.from(readCommandLine());
  for (let from = 0; from < line.length; ) {
    const end = line.indexOf(0, from);
    const argument = line.subarray(from, end < 0 ? line.length : end);
    if (argument.toString("utf8") === text) return byteStringOf(argument);
    if (end < 0) break;
    from = end + 1;
  }
  return byteString(text);
}

/** The path against where the person stands, without `.`, `..` and doubled slashes. */
export function absolutePath(path: ByteString, workingDirectory: string): ByteString {
  const directory = byteString(resolve(workingDirectory));
  return cleanPath(path.startsWith("/") ? path : joinBytes(directory, "/", path));
}

function readOwnCommandLine(): Uint8Array {
  return readFileSync("/proc/self/cmdline");
}
