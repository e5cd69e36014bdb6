import { spawn } from "node:child_process";
import { once } from "node:events";
import { rootDirectory } from "./root-directory.ts";

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `inherit` shows the output as it comes; `collect` returns it. */
  readonly output: "inherit" | "collect";
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a program came to; code 124 means that it was killed because it took too long. */
export interface RunResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a program in the root directory, in a process group of its own, which is killed whole when time is up or on the signal. */
export async function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const stdio = options.output === "inherit" ? "inherit" : "pipe";
  const child = spawn(program, args, {
    cwd: rootDirectory,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", stdio, stdio],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group is gone already.
    }
  };
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, options.timeoutMs);
  options.signal.addEventListener("abort", kill, { once: true });
  process.once("exit", kill);
  try {
    const [code] = await once(child, "close");
    return { code: isLate ? 124 : (code ?? 1), output };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", kill);
    process.off("exit", kill);
  }
}
