import { Problem } from "@mycloud/protocol/problem";
import type { Command } from "commander";
import {
  commandGroup,
  formatAge,
  paintFor,
  paintState,
  printable,
  someOf,
  type Terminal,
} from "../command-line/index.ts";
import { listCommand } from "./list-command.ts";

const problemStates = ["WARNING", "CRITICAL", "UNKNOWN", "STALE", "DOWN", "UNREACHABLE"] as const;

interface ProblemFlags {
  readonly state?: string[];
  readonly group?: string;
  readonly unhandled?: boolean;
  readonly search?: string;
}

/** `mycloud problem list`. */
export function createProblemCommand(terminal: Terminal): Command {
  const paint = paintFor(terminal);
  const list = listCommand<typeof Problem, ProblemFlags>({
    terminal,
    summary: "List open problems, the worst first.",
    path: "/api/v1/problems",
    row: Problem,
    whenEmpty: "no problem",
    options: (command) =>
      command
        .option("--state <STATE>", `only these states: ${problemStates.join(", ")}`, someOf(problemStates))
        .option("--group <GROUP>", "only problems of hosts of this group")
        .option("--unhandled", "only those that nobody acknowledged and no downtime covers")
        .option("--search <WORDS>", "only problems that match these words"),
    filter: (flags) => ({
      state: flags.state,
      group: flags.group,
      isHandled: flags.unhandled === true ? false : undefined,
      q: flags.search,
    }),
    columns: [
      { heading: "STATE", cell: (problem) => paintState(paint, problem.state) },
      { heading: "HOST", cell: (problem) => printable(problem.hostName) },
      { heading: "SERVICE", cell: (problem) => printable(problem.serviceName ?? "-") },
      { heading: "FOR", cell: (problem) => formatAge(problem.startedAtMs, terminal.now()), align: "right" },
      { heading: "HANDLED", cell: (problem) => describeHandling(problem) },
      { heading: "OUTPUT", cell: (problem) => printable(problem.output) },
    ],
  });
  return commandGroup("problem", "What is wrong now.", [list]);
}

function describeHandling(problem: Problem): string {
  const words = [
    problem.isAcknowledged ? "acknowledged" : undefined,
    problem.isInDowntime ? "downtime" : undefined,
    problem.isHostDown && problem.serviceId !== null ? "host down" : undefined,
    problem.stateType === "SOFT" ? `soft ${problem.attempt}/${problem.maxCheckAttempts}` : undefined,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? "no" : words.join(", ");
}
