import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExecutionContext, executePlugin } from "../plugin/execute-plugin.ts";
import type { Plugin, PluginResult } from "../plugin/plugin.ts";
import { runPlugin } from "../plugin/run-plugin.ts";

/** A recorded `/proc` and `/sys`: a Debian web server with two disks, an NFS mount, a zombie and an unplugged socket. */
export const RECORDED_HOST = new URL("../proc/fixtures/web1", import.meta.url).pathname;

/** For tests: splits a line into arguments at spaces, but not inside single quotes. */
export function argumentsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

/** For tests: runs a check, by name or itself, on the recorded host, with an argument line as it is typed. */
export function runInTest(
  check: string | Plugin,
  line: string,
  context: Partial<ExecutionContext> = {},
): Promise<PluginResult> {
  const whole: ExecutionContext = {
    signal: new AbortController().signal,
    now: Date.now,
    procRoot: `${RECORDED_HOST}/proc`,
    sysRoot: `${RECORDED_HOST}/sys`,
    memory: new Map(),
    ...context,
  };
  const argv = argumentsOf(line);
  return typeof check === "string" ? runPlugin(check, argv, whole) : executePlugin(check, argv, whole);
}

/** For tests: a minute later, so that a certificate made just now has a little less than its whole days left. */
export const A_MINUTE_LATER = { now: () => Date.now() + 60_000 };

/** For tests: a copy of the recorded host that may be changed, removed when disposed. */
export function copyRecordedHost(): { procRoot: string; sysRoot: string; folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), "mycloud-host-"));
  cpSync(RECORDED_HOST, folder, { recursive: true });
  return {
    folder,
    procRoot: `${folder}/proc`,
    sysRoot: `${folder}/sys`,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
