import { programEnvironment, runProgram } from "@mycloud/checks/program";
import type { AgentCommandOutcome, AgentCommandRequest } from "@mycloud/protocol/agent";
import type { AgentPolicy } from "../policy/index.ts";

type EventHandlerRequest = Extract<AgentCommandRequest, { kind: "event-handler" }>;

/** What an event handler prints beyond this is thrown away. */
const MAXIMUM_OUTPUT_BYTES = 16 * 1024;

/** The words to run for an event handler; undefined when this host's policy does not name it. Pure. */
export function eventHandlerWords(
  policy: Pick<AgentPolicy, "eventHandlers">,
  request: Pick<EventHandlerRequest, "command" | "arguments">,
): readonly [string, ...string[]] | undefined {
  const words = Object.hasOwn(policy.eventHandlers, request.command)
    ? policy.eventHandlers[request.command]
    : undefined;
  const [program, ...fixed] = words ?? [];
  return program === undefined ? undefined : [program, ...fixed, ...request.arguments];
}

/**
 * Runs an event handler that the policy names: without a shell, with Nagios' macros as NAGIOS_<name> in its environment. Its process group is ended
 * when it takes too long or `signal` fires. Never throws.
 */
export async function runEventHandler(
  words: readonly [string, ...string[]],
  request: Pick<EventHandlerRequest, "macros" | "timeoutSeconds">,
  monotonicNow: () => number,
  signal: AbortSignal,
): Promise<AgentCommandOutcome> {
  const [file, ...args] = words;
  const timeout = AbortSignal.timeout(request.timeoutSeconds * 1000);
  const startedAt = monotonicNow();
  const ended = await runProgram({
    file,
    args: args.map((argument) => argument.replaceAll("\0", "")),
    env: { ...programEnvironment(process.env), ...macroEnvironment(request.macros) },
    signal: AbortSignal.any([timeout, signal]),
    maxStdoutBytes: MAXIMUM_OUTPUT_BYTES,
    maxStderrBytes: MAXIMUM_OUTPUT_BYTES,
  });
  const executionTimeSeconds = Math.max(0, monotonicNow() - startedAt) / 1000;
  if (ended.startError !== undefined) {
    return { phase: "failed", message: `${file} cannot be started: ${ended.startError.message}`, result: null };
  }
  const output = [ended.stdout, ended.stderr]
    .filter((text) => text !== "")
    .join("\n")
    .trimEnd();
  const result = { returnCode: ended.exitCode ?? -1, output, longOutput: "", perfdata: "", executionTimeSeconds };
  if (ended.isStopped) {
    const message = timeout.aborted
      ? `ended after ${request.timeoutSeconds} s: it took too long`
      : "the agent was stopped";
    return { phase: "failed", message, result };
  }
  if (ended.isFlood) return { phase: "failed", message: "ended because it printed without end", result };
  if (ended.signalName !== null) return { phase: "failed", message: `ended by ${ended.signalName}`, result };
  const cut = ended.isTruncated ? `only the first ${MAXIMUM_OUTPUT_BYTES} bytes of its output are kept` : null;
  if (ended.exitCode === 0) return { phase: "done", message: cut, result };
  return { phase: "failed", message: `it ended with ${ended.exitCode}`, result };
}

function macroEnvironment(macros: Readonly<Record<string, string>>): Record<string, string> {
  // A name that no variable can have would make the program unstartable.
  const fit = Object.entries(macros).filter(([name]) => /^\w{1,200}$/.test(name));
  return Object.fromEntries(fit.map(([name, value]) => [`NAGIOS_${name}`, value.replaceAll("\0", "")]));
}
