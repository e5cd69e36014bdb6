import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { byteString } from "../byte-string/index.ts";
import { type Directory, openRoot } from "./directory.ts";
import { splitNanoseconds } from "./file-stat.ts";
import type { Metadata } from "./metadata.ts";

/** Whether this process may do everything; tests of owners, devices and attributes need it. Root in a container often may not. */
export const isRoot = process.geteuid?.() === 0 && hasCapabilities();

/** CAP_CHOWN, CAP_LINUX_IMMUTABLE, CAP_SYS_ADMIN (`trusted.*`) and CAP_MKNOD: capabilities(7). */
function hasCapabilities(): boolean {
  const needed = (1n << 0n) | (1n << 9n) | (1n << 21n) | (1n << 27n);
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return effective !== undefined && (BigInt(`0x${effective}`) & needed) === needed;
}

/** Times in nanoseconds since 1970 as metadata has them. */
export function timesAt(
  mtimeNs: bigint,
  atimeNs: bigint,
): Pick<Metadata, "mtimeSeconds" | "mtimeNanoseconds" | "atimeSeconds" | "atimeNanoseconds"> {
  const [mtime, atime] = [splitNanoseconds(mtimeNs), splitNanoseconds(atimeNs)];
  return {
    mtimeSeconds: mtime.seconds,
    mtimeNanoseconds: mtime.nanoseconds,
    atimeSeconds: atime.seconds,
    atimeNanoseconds: atime.nanoseconds,
  };
}

/** A fresh directory, open until the test ends and removed then. */
export function temporaryRoot(
  t: TestContext,
  options: { readonly mode?: number } = {},
): { readonly path: string; readonly directory: Directory } {
  const path = mkdtempSync(join(tmpdir(), "mycloud-filesystem-"));
  if (options.mode !== undefined) chmodSync(path, options.mode);
  const directory = openRoot(byteString(path));
  t.after(() => {
    directory.close();
    rmSync(path, { recursive: true, force: true });
  });
  return { path, directory };
}

/**
 * Runs a module's text in a child process without root's rights and returns what it prints. What it imports is loaded before the rights
 * are given up, so the project may lie where nobody else can read.
 */
export function runAsNobody(code: string): string {
  const dropRights = `
    import { missingCapabilities } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
    if (missingCapabilities() !== null) throw new Error("libc cannot be called");
    process.setgroups([]);
    process.setgid(65534);
    process.setuid(65534);
  `;
  return execFileSync(process.execPath, ["--input-type=module", "--eval", dropRights + code], { encoding: "utf8" });
}
