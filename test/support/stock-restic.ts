import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { runRestic } from "../peers/restic.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The password of every repository here. */
export const password = "correct horse";
const run = promisify(execFile);

/** A stock restic that uses a repository. */
export interface ResticClient {
  readonly location: string;
}

/** Runs stock restic and expects it to succeed. */
export async function restic({ location }: ResticClient, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runRestic({ location, password }, args);
  assert.equal(code, 0, `restic ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

/** restic tries again for a quarter of an hour: this stops it as soon as it has said `expected`. */
export async function refusedRestic(
  { location }: ResticClient,
  expected: RegExp,
  ...args: readonly string[]
): Promise<void> {
  const child = spawn("/usr/bin/restic", ["--repo", location, "--no-cache", ...args], {
    env: { ...process.env, RESTIC_PASSWORD: password },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      // Asked to end, it takes its lock away; where that is refused too it is killed.
      if (expected.test(said)) child.kill("SIGINT");
    });
  const timer = setTimeout(() => child.kill("SIGKILL"), 120_000);
  const [code] = await new Promise<[number | null]>((resolve) => child.once("close", (status) => resolve([status])));
  clearTimeout(timer);
  assert.match(said, expected);
  assert.notEqual(code, 0);
}

/** Its snapshots, oldest first. */
export async function snapshotsOf(client: ResticClient): Promise<{ readonly id: string }[]> {
  return JSON.parse(await restic(client, "snapshots", "--json"));
}

/** Restores the newest snapshot and compares it with what it was made from, byte by byte. */
export async function assertRestores(client: ResticClient, source: string): Promise<void> {
  const target = await temporaryDirectory("restored");
  await restic(client, "restore", "latest", "--target", target);
  await run("diff", ["-r", source, join(target, source)]);
  await rm(target, { recursive: true });
}

/** Makes a directory of files with random content. */
export async function fill(directory: string, files: number, bytes: number): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (let at = 0; at < files; at++) await writeFile(join(directory, `file ${at}`), randomBytes(bytes));
  return directory;
}
