import { randomBytes } from "node:crypto";
import { link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Ended, runMycloud } from "./mycloud-process.ts";

/** A repository as both programs are told of it. */
export interface TestRepository {
  readonly location: string;
  readonly password: string;
  /** Further environment for ours, e.g. where a token is. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `mycloud repo ...` on a repository, without a cache. */
export function runRepo(
  repository: TestRepository,
  args: readonly string[],
  options: { readonly stdin?: string; readonly cwd?: string; readonly timeoutMs?: number } = {},
): Promise<Ended & { stdout: string; stderr: string }> {
  const env = {
    ...repository.env,
    RESTIC_PASSWORD: repository.password,
    MYCLOUD_REPOSITORY: repository.location,
    XDG_CACHE_HOME: undefined,
  };
  return runMycloud(["repo", "--no-cache", ...args], { ...options, env });
}

/** Makes a small tree that both programs carry whole: files of many sizes, empty ones, links of both kinds, odd names and modes. */
export async function makePlainTree(directory: string): Promise<void> {
  await mkdir(join(directory, "etc/deep/er"), { recursive: true });
  await mkdir(join(directory, "empty"));
  for (let at = 0; at < 60; at++) {
    await writeFile(join(directory, "etc", `setting-${at}.conf`), `value = ${at}\n`.repeat(at * 7));
  }
  await writeFile(join(directory, "etc/deep/er/größe mit leerzeichen.txt"), "ümläute\n".repeat(2000));
  await writeFile(join(directory, "nothing"), "");
  await writeFile(join(directory, "noise.bin"), randomBytes(9_000_000), { mode: 0o640 });
  await writeFile(join(directory, "text.log"), "the same line again and again\n".repeat(100_000));
  await link(join(directory, "noise.bin"), join(directory, "noise-again.bin"));
  await symlink("etc/setting-1.conf", join(directory, "link"));
  await symlink("/does/not/exist", join(directory, "dangling"));
}
