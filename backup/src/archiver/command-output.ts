import { type ChildProcess, spawn } from "node:child_process";
import { BackupError } from "../error/index.ts";

/** A command whose output was to be backed up failed: no snapshot is made of half of it. */
export class CommandFailedError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_COMMAND_FAILED";
  /** Null when a signal ended it, or it could not be started. */
  readonly exitCode: number | null;
  readonly lastErrorLine: string;
  constructor(command: string, how: string, exitCode: number | null, lastErrorLine: string) {
    super(`${command} ${how}${lastErrorLine === "" ? "" : `: ${lastErrorLine}`}; nothing was backed up of its output`);
    this.exitCode = exitCode;
    this.lastErrorLine = lastErrorLine;
  }
}

/**
 * The standard output of a command, run without a shell. Throws CommandFailedError at the end of the stream when the command does not
 * exit with 0, so that who reads to the end knows that it has everything. What it says on standard error goes to ours as well.
 */
export async function* commandOutput(
  [program, ...parameters]: readonly [string, ...string[]],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"], signal, killSignal: "SIGTERM" });
  const ended = endOf(child);
  // It may fail before anybody waits for it.
  ended.catch(() => {});
  let lastErrorLine = "";
  let rest = "";
  child.stderr.on("data", (bytes: Buffer) => {
    process.stderr.write(bytes);
    const lines = (rest + bytes.toString("utf8")).split("\n");
    rest = (lines.pop() ?? "").slice(-4096);
    lastErrorLine = lines.findLast((line) => line.trim() !== "")?.trim() ?? lastErrorLine;
  });
  try {
    for await (const bytes of child.stdout) yield bytes;
    const { code, how } = await ended;
    if (code !== 0) throw new CommandFailedError(program, how, code, rest.trim() || lastErrorLine);
  } finally {
    if (child.exitCode === null && child.signalCode === null) child.kill();
  }
}

/** Resolves when the command has ended and its output is closed. */
function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly how: string }> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: null, how: `could not be run: ${error.message}` }));
    child.on("close", (code, signal) => {
      resolve({ code, how: code === null ? `was ended by ${signal}` : `failed with exit code ${code}` });
    });
  });
}
