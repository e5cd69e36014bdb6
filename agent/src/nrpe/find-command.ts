import { isNasty, type NrpeCommandLine } from "@mycloud/checks/nrpe";
import { plugins } from "@mycloud/checks/plugins";
import type { ScheduledCheck } from "@mycloud/protocol/agent";
import type { Execution } from "../check-execution/index.ts";
import type { NrpePolicy } from "../policy/index.ts";

/** What a question means here: something to run, or words to refuse it with. */
export type FoundCommand =
  | {
      readonly kind: "run";
      readonly execution: Execution;
      /** Whether the host's policy has to allow the program: it was the control plane that named it. */
      readonly isConfigured: boolean;
    }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Finds what a question asks for: a command of the policy, a check configured for this host by its service's name, or a built-in check, in this
 * order. Arguments only ever fill `$ARG1$`, `$ARG2$` ... of a command of the policy, and never reach a shell. Pure.
 */
export function findCommand(
  policy: NrpePolicy,
  checks: readonly ScheduledCheck[],
  line: NrpeCommandLine,
): FoundCommand {
  if (line.arguments.length > 0) {
    if (!policy.areArgumentsAllowed) return refused("this agent takes no arguments");
    if (line.arguments.some(isNasty)) return refused("the arguments have characters that are not allowed");
  }
  const timeoutSeconds = policy.commandTimeoutSeconds;
  const words = Object.hasOwn(policy.commands, line.name) ? policy.commands[line.name] : undefined;
  if (words !== undefined) {
    const [command = "", ...args] = words.map((word) => fillIn(word, line.arguments));
    const isProgram = command.startsWith("/");
    return {
      kind: "run",
      execution: isProgram
        ? { command: "external", arguments: ["--", command, ...args], timeoutSeconds }
        : { command, arguments: args, timeoutSeconds },
      isConfigured: false,
    };
  }
  const configured = policy.hasConfiguredChecks ? checks.find((check) => check.serviceName === line.name) : undefined;
  if (configured !== undefined) {
    const { command, arguments: args } = configured;
    return { kind: "run", execution: { command, arguments: args, timeoutSeconds }, isConfigured: true };
  }
  const builtIn = line.name.replace(/^check_/, "").replaceAll("_", "-");
  // `external` is no check by itself: it runs what it is told to.
  if (policy.hasBuiltInChecks && builtIn !== "external" && plugins.has(builtIn)) {
    return { kind: "run", execution: { command: builtIn, arguments: [], timeoutSeconds }, isConfigured: false };
  }
  return { kind: "refused", reason: `Command '${line.name.slice(0, 128)}' not defined` };
}

/** `$ARG1$` is the first argument; one that was not given is empty, as nrpe has it. The name of the check is never given by the question. */
function fillIn(word: string, args: readonly string[]): string {
  return word.replace(/\$ARG(\d{1,2})\$/g, (_, number: string) => args[Number(number) - 1] ?? "");
}

function refused(reason: string): FoundCommand {
  return { kind: "refused", reason };
}
