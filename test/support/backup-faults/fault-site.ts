import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runRestic } from "../../peers/restic.ts";
import { makeCheapRepository } from "../cheap-repository.ts";
import { type MycloudOptions, runMycloud } from "../mycloud-process.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Of every repository of a site. */
export const password = "correct horse";

/** Directories to back up, and a repository to break copies of. */
export interface FaultSite {
  readonly root: string;
  /** In the repository's two snapshots. */
  readonly before: string;
  /** Much of it is not in the repository. */
  readonly after: string;
  /** Two snapshots, of `before`; half of what is stored no snapshot needs. Its key is cheap, for it is opened often. */
  readonly template: BrokenRepository;
  /** A copy of the template, to be broken. */
  copy(): Promise<BrokenRepository>;
  /** Runs `mycloud repo` with these arguments. */
  repo(
    location: string,
    args: readonly string[],
    options?: MycloudOptions & { readonly timeoutMs?: number },
  ): ReturnType<typeof runMycloud>;
}

export interface BrokenRepository {
  readonly location: string;
  /** Snapshots that must never be lost. */
  readonly committed: readonly string[];
}

/** Makes a site in a temporary directory. */
export async function makeFaultSite(name: string): Promise<FaultSite> {
  const root = await temporaryDirectory(name);
  const [before, after, mixed] = [join(root, "before"), join(root, "after"), join(root, "mixed")];
  await fill(before, 20);
  await cp(before, after, { recursive: true });
  await fill(join(after, "more"), 20);
  await cp(before, mixed, { recursive: true });
  await fill(join(mixed, "garbage"), 20);
  await writeFile(join(root, "password"), password);

  // After the verb and its nouns (`repair index`), which have to come first.
  const repo: FaultSite["repo"] = (location, args, options) =>
    runMycloud(["repo", ...args, "--repo", location, "--password-file", join(root, "password")], options);
  const location = join(root, "template");
  await makeCheapRepository({ location, password });
  // What is needed lies in one pack with what is not.
  await mustEnd(repo(location, ["backup", "--quiet", mixed]));
  const [forgotten = ""] = await listSnapshots(location);
  for (let i = 0; i < 2; i++) await mustEnd(repo(location, ["backup", "--quiet", before]));
  await mustEnd(repo(location, ["forget", "--quiet", forgotten]));
  const template = { location, committed: await listSnapshots(location) };
  assert.equal(template.committed.length, 2);
  let copies = 0;
  return {
    root,
    before,
    after,
    template,
    copy: async () => {
      const place = join(root, `copy-${copies++}`);
      await cp(location, place, { recursive: true });
      return { ...template, location: place };
    },
    repo,
  };
}

/** Ids of all snapshots, as stock restic lists them. */
export async function listSnapshots(location: string): Promise<string[]> {
  const { stdout } = await restic(location, ["snapshots", "--json", "--no-lock"]);
  return JSON.parse(stdout).map(({ id }: { id: string }) => id);
}

/** Runs stock restic; anything but success fails the test. */
export async function restic(location: string, args: readonly string[]): Promise<{ stdout: string }> {
  const { code, stdout, stderr } = await runRestic({ location, password }, args);
  assert.equal(code, 0, `restic ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
  return { stdout };
}

/** Stock restic finds nothing wrong, and every committed snapshot is there. Locks of the dead are in nobody's way after `restic unlock`. */
export async function assertWhole(
  repository: BrokenRepository,
  what: string,
  checks: readonly string[] = [],
): Promise<void> {
  await restic(repository.location, ["unlock"]);
  const { stdout } = await restic(repository.location, ["check", ...checks]);
  assert.match(stdout, /no errors were found/, what);
  const snapshots = await listSnapshots(repository.location);
  for (const id of repository.committed) assert.ok(snapshots.includes(id), `${what}: snapshot ${id} is lost`);
}

/** Waits for a run of ours that must succeed. */
export async function mustEnd(run: ReturnType<typeof runMycloud>): Promise<Awaited<ReturnType<typeof runMycloud>>> {
  const result = await run;
  assert.equal(result.code, 0, `${result.stderr}${result.stdout} (signal ${result.signal})`);
  return result;
}

export async function discard(repository: BrokenRepository): Promise<void> {
  await rm(repository.location, { recursive: true });
}

/** Some small files and one that makes several blobs. */
async function fill(directory: string, files: number): Promise<void> {
  await mkdir(join(directory, "sub"), { recursive: true });
  for (let i = 0; i < files; i++)
    await writeFile(join(directory, i % 2 ? "sub" : "", `file ${i}`), randomBytes(500 * i));
  await writeFile(join(directory, "large"), randomBytes(3_000_000));
}
