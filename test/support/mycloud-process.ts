import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { killAtExit } from "./at-exit.ts";

/** The root of the clone under test. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

export interface MycloudOptions {
  /** Added to this process' environment, from which every MYCLOUD_* is taken out first. Undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Written to standard input, which is then closed. */
  readonly stdin?: string;
  /** Another program than bin/mycloud, e.g. `npm`. */
  readonly program?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A started `bin/mycloud`; `stdout()` and `stderr()` give what it printed so far. */
export interface MycloudProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves when it ended and its output was read. */
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  kill(signal?: NodeJS.Signals): void;
  /** Asks it to end (SIGTERM) and waits; SIGKILL after `timeoutMs`, by default half a minute. */
  stop(timeoutMs?: number): Promise<Ended>;
}

/** Starts `bin/mycloud` with these arguments. It is killed at the latest when the test process ends. */
export function startMycloud(args: readonly string[], options: MycloudOptions = {}): MycloudProcess {
  const child = spawn(options.program ?? `${repositoryRoot}/bin/mycloud`, args, {
    cwd: options.cwd ?? repositoryRoot,
    env: environment(options.env ?? {}),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const letLive = killAtExit(child);
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.stderr += text;
  });
  const ended = once(child, "close").then(([code, signal]): Ended => {
    letLive();
    return { code, signal };
  });
  return {
    pid: child.pid ?? 0,
    child,
    ended,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    kill: (signal = "SIGTERM") => {
      child.kill(signal);
    },
    stop: async (timeoutMs = 30_000) => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
      const result = await ended;
      clearTimeout(timer);
      return result;
    },
  };
}

/** Runs `bin/mycloud` to its end; after `timeoutMs` it is killed and `signal` says so. */
export async function runMycloud(
  args: readonly string[],
  options: MycloudOptions & { readonly timeoutMs?: number } = {},
): Promise<Ended & { stdout: string; stderr: string }> {
  const running = startMycloud(args, options);
  const timer = setTimeout(() => running.kill("SIGKILL"), options.timeoutMs ?? 120_000);
  const result = await running.ended;
  clearTimeout(timer);
  return { ...result, stdout: running.stdout(), stderr: running.stderr() };
}

function environment(changes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("MYCLOUD_"));
  const merged = { ...Object.fromEntries(inherited), NO_COLOR: "1", ...changes };
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(merged)) {
    // The test runner's own variables would make a child that runs tests report to us.
    if (value !== undefined && name !== "NODE_TEST_CONTEXT") env[name] = value;
  }
  return env;
}
