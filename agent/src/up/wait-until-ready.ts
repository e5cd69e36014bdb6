import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { parseJson } from "../client/index.ts";
import { CommandError } from "../command-line/index.ts";
import { describeEnd, type TetheredProcess } from "./tethered-process.ts";

const ServerFile = z.object({ url: z.url(), pid: z.number().int() });

/**
 * Waits until the control plane `child` says where it listens (`server.json` with its pid) and answers /readyz; returns the address for use on
 * this machine. Throws CommandError when it ends before that, with its own words and exit code, or is not ready in time.
 */
export async function waitUntilReady(
  child: TetheredProcess,
  stateDir: string,
  /** The `mycloud: ...` line it ended with, if any. */
  lastWords: () => string | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let end: Awaited<TetheredProcess["ended"]> | undefined;
  void child.ended.then((value) => {
    end = value;
  });
  while (!signal.aborted) {
    if (end !== undefined) throw endedEarly(end, lastWords());
    const url = await readUrl(stateDir, child.pid);
    if (url !== undefined && (await isReady(url))) return url;
    if (deadline.aborted) {
      const words = lastWords();
      throw new CommandError("unavailable", words ?? `the control plane was not ready within ${timeoutMs / 1000} s`);
    }
    await sleep(50, undefined, { signal }).catch(() => undefined);
  }
  throw new CommandError("interrupted", "stopped before it was ready");
}

function endedEarly(end: Awaited<TetheredProcess["ended"]>, words: string | undefined): CommandError {
  const code = end.code !== null && end.code !== 0 ? { exitCode: end.code } : {};
  const message =
    words ?? `the control plane ended with ${describeEnd(end)} before it was ready; the lines above say why`;
  return new CommandError("failed", message, code);
}

async function readUrl(stateDir: string, pid: number | undefined): Promise<string | undefined> {
  const text = await readFile(join(stateDir, "server.json"), "utf8").catch(() => "");
  const file = ServerFile.safeParse(parseJson(text)).data;
  // An earlier run left its file behind.
  return file === undefined || file.pid !== pid ? undefined : localUrl(file.url);
}

/** Who listens on every address is asked on the loopback. */
export function localUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.hostname === "0.0.0.0") parsed.hostname = "127.0.0.1";
  if (parsed.hostname === "[::]") parsed.hostname = "[::1]";
  return parsed.href.replace(/\/$/, "");
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.status === 200;
    },
    () => false,
  );
}
