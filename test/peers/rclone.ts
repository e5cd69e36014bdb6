import { execFile } from "node:child_process";
import { requirePeer } from "./peer.ts";

const rclonePath = "/usr/bin/rclone";

/** Marks the test as skipped when Debian's rclone is missing; throws where `CI=true`. */
export function requireRclone(t: { skip(message?: string): void }): boolean {
  return requirePeer(t, rclonePath, "rclone");
}

/** Runs rclone with no configuration of its own to its end; rejects with what it said when it fails. */
export async function runRclone(...args: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    execFile(
      rclonePath,
      ["--config", "/nonexistent/rclone.conf", "--retries", "1", ...args],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(`${error.message}\n${stderr}`))),
    );
  });
}

/** A WebDAV remote as rclone writes it on the command line. */
export async function webdavRemote(url: string, password: string): Promise<string> {
  const obscured = (await runRclone("obscure", password)).trim();
  return `:webdav,url="${url}",vendor=other,user=me,pass=${obscured}:`;
}
