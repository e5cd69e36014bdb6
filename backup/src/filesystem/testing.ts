import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { byteString } from "../byte-string/index.ts";
import { type Directory, openRoot } from "./directory.ts";

/** Whether this process may do everything; tests of owners and devices need it. */
export const isRoot = process.geteuid?.() === 0;

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
