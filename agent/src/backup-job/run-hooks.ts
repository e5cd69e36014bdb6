import { programEnvironment, runProgram } from "@mycloud/checks/program";
import type { AgentPolicy } from "../policy/index.ts";

/** A hook may stop a database first, or take a snapshot of a volume. */
const timeoutMs = 30 * 60_000;
const maximumOutputBytes = 16 * 1024;

/**
 * Runs hooks, one after the other, as the host's policy names them: no shell, and nothing of the server's but their names. Answers why one failed, or
 * null; `isEager` goes on after a failure. Never throws.
 */
export async function runHooks(
  names: readonly string[],
  policy: Pick<AgentPolicy, "backupHooks">,
  environment: Readonly<Record<string, string>>,
  options: { readonly isEager: boolean; readonly signal: AbortSignal },
): Promise<string | null> {
  let failure: string | null = null;
  for (const name of names) {
    const words = Object.hasOwn(policy.backupHooks, name) ? policy.backupHooks[name] : undefined;
    const fault =
      words === undefined ? "this host's policy names no such hook" : await run(words, environment, options.signal);
    if (fault === null) continue;
    failure ??= `hook ${name}: ${fault}`;
    if (!options.isEager) break;
  }
  return failure;
}

async function run(
  [file = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | null> {
  const ended = await runProgram({
    file,
    args,
    env: { ...programEnvironment(process.env), ...environment },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    maxStdoutBytes: maximumOutputBytes,
    maxStderrBytes: maximumOutputBytes,
  });
  if (ended.startError !== undefined) return `${file} cannot be started: ${ended.startError.message}`;
  if (ended.isStopped) return "it was ended, as the backup was stopped or it took too long";
  if (ended.exitCode === 0) return null;
  const words = (ended.stderr || ended.stdout).trim().split("\n").at(-1) ?? "";
  return `it ended with ${ended.exitCode ?? ended.signalName}${words === "" ? "" : `: ${words}`}`;
}
