import { spawn } from "node:child_process";

/** The end of what a program said on its standard error is kept, to say why it ended. */
const KEPT_ERROR_CHARACTERS = 500;

/**
 * Runs a program in a process group of its own, without a shell, and hands on what it writes to its standard output; the next piece is read when the one before was
 * taken. When the signal fires the whole group is ended. Returns why it ended.
 */
export async function runProgram(
  words: readonly string[],
  use: (piece: Buffer) => Promise<void>,
  signal: AbortSignal,
): Promise<string> {
  const [program, ...rest] = words;
  if (program === undefined || signal.aborted) return "nothing to run";
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-KEPT_ERROR_CHARACTERS);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, killedBy) => resolve(killedBy === null ? `exit code ${code}` : `killed by ${killedBy}`));
  });
  const stop = () => endGroup(child.pid);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const piece of child.stdout) {
      if (signal.aborted) break;
      if (Buffer.isBuffer(piece)) await use(piece);
    }
    const reason = await ended;
    return said.trim() === "" ? reason : `${reason}: ${said.trim()}`;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
