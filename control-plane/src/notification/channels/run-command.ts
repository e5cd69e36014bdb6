import { spawn } from "node:child_process";
import { realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { ChannelError } from "./channel.ts";

export interface CommandRun {
  /** A file name in the directory of notification commands. */
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The message as text, on the program's standard input. */
  readonly input: string;
  readonly timeoutMs: number;
}

const longestOutput = 4_096;
/** Exit code of "try again later" (sysexits.h: EX_TEMPFAIL). */
const temporaryFailure = 75;

/**
 * Runs a program of the directory, without a shell, in a process group of its own that is killed whole when its time is up. Throws ChannelError: a program
 * that failed has perhaps done half of its work, so only exit code 75 asks for another attempt.
 */
export async function runCommand(directory: string, run: CommandRun, signal: AbortSignal): Promise<void> {
  const path = await findProgram(directory, run.program);
  const child = spawn(path, [...run.arguments], {
    cwd: "/",
    detached: true,
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8", ...run.environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: string) => {
    if (output.length < longestOutput) output += chunk.slice(0, longestOutput - output.length);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  // A program that reads nothing closes the pipe; that is its right.
  child.stdin.on("error", () => {}).end(run.input);
  let isLate = false;
  const kill = () => killGroup(child.pid);
  const late = setTimeout(() => {
    isLate = true;
    kill();
  }, run.timeoutMs);
  signal.addEventListener("abort", kill, { once: true });
  try {
    const [code, killedBy] = await ended(child);
    if (code === 0) return;
    if (signal.aborted) throw new ChannelError("the control plane stopped while the program ran", "retry", false);
    const how = isLate ? `was killed after ${run.timeoutMs / 1000} s` : (killedBy ?? `exit code ${code}`);
    const words = `${run.program}: ${how}${output.trim() === "" ? "" : `: ${output}`}`;
    throw new ChannelError(words, code === temporaryFailure ? "retry" : "dead", false);
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", kill);
    // What the program left running goes with it.
    kill();
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<[number | null, string | null]> {
  return new Promise((done, fail) => {
    child.once("error", (error) => fail(new ChannelError(error.message, "dead", false)));
    // Not `close`: a grandchild that keeps the pipes open is killed, not waited for.
    child.once("exit", (code, signalName) => done([code, signalName]));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in the group.
  }
}

/** The program's file, which must be one that only its owner and root can change. */
async function findProgram(directory: string, program: string): Promise<string> {
  if (basename(program) !== program || program.startsWith(".")) {
    throw new ChannelError(`${program} is no name of a file`, "dead", false);
  }
  const named = join(directory, program);
  const path = await realpath(named).catch(() => null);
  const file = path === null ? null : await stat(path).catch(() => null);
  if (path === null || file === null || !file.isFile() || (file.mode & 0o111) === 0) {
    throw new ChannelError(`there is no program ${named}; put an executable file there to allow it`, "retry", false);
  }
  if ((file.mode & 0o022) !== 0) {
    throw new ChannelError(
      `${path} may be changed by others (mode ${(file.mode & 0o777).toString(8)}); chmod go-w it`,
      "retry",
      false,
    );
  }
  return path;
}
