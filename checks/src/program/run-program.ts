import { type ChildProcess, spawn } from "node:child_process";
import { OutputCollector } from "./output-collector.ts";

/** How to run a program. Limits are in bytes, times in milliseconds. */
export interface ProgramRun {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly maxStdoutBytes?: number;
  readonly maxStderrBytes?: number;
  /** How long the group has between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
}

/** How a program ended. `exitCode` is null when a signal ended it or it never started. */
export interface ProgramOutcome {
  readonly exitCode: number | null;
  readonly signalName: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTruncated: boolean;
  /** It was stopped because `signal` fired. */
  readonly isStopped: boolean;
  /** It was ended because it printed without end. */
  readonly isFlood: boolean;
  /** Why it could not be started, e.g. `ENOENT`. */
  readonly startError: NodeJS.ErrnoException | undefined;
}

const KIB = 1024;
/** What is printed beyond the cap is thrown away up to here; then the program is ended, since reading it costs CPU. */
const FLOOD_BYTES = 16 * KIB * KIB;
/** A child that daemonised badly may hold the pipes open; its output is not waited for longer than this. */
const PIPE_GRACE_MS = 500;

/**
 * Runs a program to its end. Resolves only when its whole process group is gone: on abort the group gets SIGTERM, then
 * SIGKILL, and what a program leaves in its group when it exits is killed too. Never rejects.
 */
export function runProgram(run: ProgramRun): Promise<ProgramOutcome> {
  const { maxStdoutBytes = 64 * KIB, maxStderrBytes = 8 * KIB, graceMs = 1_000 } = run;
  return new Promise((resolve) => {
    if (run.signal.aborted) return resolve(neverStarted(undefined, true));
    let child: ChildProcess;
    try {
      child = spawn(run.file, [...run.args], { env: run.env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    } catch (error) {
      // spawn throws, rather than emits, for arguments with NUL bytes and for EMFILE-like failures.
      return resolve(neverStarted(error instanceof Error ? error : new Error(String(error)), false));
    }
    const stdout = new OutputCollector(maxStdoutBytes);
    const stderr = new OutputCollector(maxStderrBytes);
    let isStopped = false;
    let isFlood = false;
    let killTimer: NodeJS.Timeout | undefined;
    let pipeTimer: NodeJS.Timeout | undefined;

    const stop = (): void => {
      killGroup(child, "SIGTERM");
      killTimer ??= setTimeout(() => killGroup(child, "SIGKILL"), graceMs);
    };
    const onAbort = (): void => {
      isStopped = true;
      stop();
    };
    const onData = (collector: OutputCollector) => (chunk: Buffer) => {
      collector.add(chunk);
      if (isFlood || stdout.seenBytes + stderr.seenBytes < FLOOD_BYTES) return;
      isFlood = true;
      child.stdout?.destroy();
      child.stderr?.destroy();
      stop();
    };
    child.stdout?.on("data", onData(stdout));
    child.stderr?.on("data", onData(stderr));
    run.signal.addEventListener("abort", onAbort, { once: true });

    let isSettled = false;
    const settle = (startError?: NodeJS.ErrnoException): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(killTimer);
      clearTimeout(pipeTimer);
      run.signal.removeEventListener("abort", onAbort);
      if (startError !== undefined) {
        resolve(neverStarted(startError, false));
        return;
      }
      resolve({
        exitCode: child.exitCode,
        signalName: child.signalCode,
        stdout: stdout.text(),
        stderr: stderr.text(),
        isTruncated: stdout.isTruncated || stderr.isTruncated,
        isStopped,
        isFlood,
        startError: undefined,
      });
    };
    child.once("error", (error) => {
      // Also emitted when a kill fails; only a program without a pid never started.
      if (child.pid === undefined) settle(error);
    });
    child.once("exit", () => {
      pipeTimer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, PIPE_GRACE_MS);
    });
    child.once("close", () => {
      killGroup(child, "SIGKILL");
      settle();
    });
  });
}

/** The group outlives its leader while anything is in it, so the number cannot have been given to somebody else. */
function killGroup(child: ChildProcess, signalName: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signalName);
  } catch {
    // ESRCH: nobody left, which is what was wanted.
  }
}

function neverStarted(startError: NodeJS.ErrnoException | undefined, isStopped: boolean): ProgramOutcome {
  return {
    exitCode: null,
    signalName: null,
    stdout: "",
    stderr: "",
    isTruncated: false,
    isStopped,
    isFlood: false,
    startError,
  };
}
