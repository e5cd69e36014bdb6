import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface TetheredSpec {
  /** Options of Node itself, before the script. */
  readonly nodeOptions?: readonly string[];
  readonly script: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets every line of stdout and stderr. */
  readonly onLine: (line: string) => void;
}

export interface TetheredEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running child that cannot outlive this process. */
export interface TetheredProcess {
  readonly pid: number | undefined;
  /** Resolves when it ended and all its lines were given to `onLine`. */
  readonly ended: Promise<TetheredEnd>;
  signal(name: NodeJS.Signals): void;
}

const tether = fileURLToPath(new URL("./tether.ts", import.meta.url));

/** Starts a script on this process' own Node, tethered to this process. */
export function startTethered(spec: TetheredSpec): TetheredProcess {
  const args = [...(spec.nodeOptions ?? []), "--import", tether, spec.script, ...spec.args];
  const child = spawn(process.execPath, args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A process group of its own: Ctrl-C at the terminal reaches the supervisor only, and it stops the children in order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on("line", spec.onLine);
  }
  const ended = once(child, "close").then(
    ([code, signal]): TetheredEnd => ({ code, signal }),
    // It could not be started at all.
    (error: unknown): TetheredEnd => {
      spec.onLine(error instanceof Error ? error.message : String(error));
      return { code: null, signal: null };
    },
  );
  return {
    pid: child.pid,
    ended,
    signal: (name) => {
      child.kill(name);
    },
  };
}

/** Asks a child to end and waits; kills it when it has not within `graceMs`. */
export async function stopTethered(child: TetheredProcess, graceMs: number): Promise<TetheredEnd> {
  child.signal("SIGTERM");
  const timer = setTimeout(() => child.signal("SIGKILL"), graceMs);
  try {
    return await child.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** `exit code 70` or `signal SIGKILL`. */
export function describeEnd({ code, signal }: TetheredEnd): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
