import { spawn } from "node:child_process";
import { requirePeer } from "./peer.ts";

const resticPath = "/usr/bin/restic";

/** Marks the test as skipped when Debian's restic is missing; throws where `CI=true`. */
export function requireRestic(t: { skip(message?: string): void }): boolean {
  return requirePeer(t, resticPath, "restic");
}

export interface ResticResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs stock restic on a repository to its end, without a cache, so that it believes nothing but what is stored. */
export async function runRestic(
  repository: { readonly location: string; readonly password: string },
  args: readonly string[],
): Promise<ResticResult> {
  const child = spawn(resticPath, ["--repo", repository.location, "--no-cache", ...args], {
    env: { ...environmentWithoutRestic(), RESTIC_PASSWORD: repository.password },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

function environmentWithoutRestic(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("RESTIC_")));
}
