import { type OptionValues, type PluginDescription, parseOptions, UsageError } from "@mycloud/checks/plugin";
import { isOutOfRange, type Range } from "@mycloud/checks/plugin-api";
import { type LogCondition, LogQueryError, parseLogQuery } from "@mycloud/protocol/log-query";
import { InputError } from "../error/index.ts";
import { logCheckCommand } from "../monitored/index.ts";

/** How the command shows among the check commands. */
export const logCheckDescription: PluginDescription = {
  name: logCheckCommand,
  summary: "How many log records match a query within the last minutes",
  notes:
    "Computed by the control plane from the logs it has, for the host that the service is on. Without thresholds one record is WARNING. Ranges are as in every plugin: `-w 10` is WARNING above 10, `-c 1:` is CRITICAL when there is none.",
  options: [
    {
      letter: "q",
      name: "query",
      value: "QUERY",
      description: 'what is counted: words, "phrases", field:value, severity>=err',
    },
    { name: "window", value: "SECONDS", default: "300", description: "how far back records count" },
    {
      letter: "w",
      name: "warning",
      value: "RANGE",
      description: "WARNING when the number of records is outside of RANGE",
    },
    {
      letter: "c",
      name: "critical",
      value: "RANGE",
      description: "CRITICAL when the number of records is outside of RANGE",
    },
    {
      name: "all-hosts",
      description: "count the records of every host of the same customer, and of senders that are no host",
    },
  ],
  examples: [
    { arguments: "-q 'severity>=crit'", description: "WARNING when anything was critical in five minutes" },
    { arguments: "-q 'service:sshd \"Failed password\"' -w 20 -c 100", description: "somebody tries passwords" },
    {
      arguments: "-q 'service:backup \"finished\"' --window 90000 -c 1:",
      description: "CRITICAL when a day's line is missing",
    },
  ],
};

/** What a log check counts and what it holds that against. */
export interface LogCheck {
  readonly query: string;
  readonly condition: LogCondition;
  readonly windowMs: number;
  readonly warning: Range | undefined;
  readonly critical: Range | undefined;
  readonly isOfAllHosts: boolean;
}

const longestWindowSeconds = 31 * 86_400;

/** Reads a check's arguments. Throws UsageError, whose text names what is wrong. Pure. */
export function parseLogCheck(checkArguments: readonly string[]): LogCheck {
  const options = parseOptions(checkArguments, logCheckDescription.options);
  const query = options.requiredText("query");
  const windowMs = 1000 * (options.number("window", { min: 1, max: longestWindowSeconds }) ?? 300);
  const given = { warning: options.range("warning"), critical: options.range("critical") };
  const isWithout = given.warning === undefined && given.critical === undefined;
  const thresholds = isWithout ? { ...given, warning: none } : given;
  return {
    query,
    condition: conditionOf(query, options),
    windowMs,
    ...thresholds,
    isOfAllHosts: options.isGiven("all-hosts"),
  };
}

/** One record is outside of it. */
const none: Range = { start: 0, end: 0, isInside: false };

function conditionOf(query: string, options: OptionValues): LogCondition {
  try {
    return parseLogQuery(query);
  } catch (error) {
    if (error instanceof LogQueryError) throw options.refuse("query", query, `a query (${error.message})`);
    throw error;
  }
}

/** What a number of records amounts to. Pure. */
export function judgeCount({ warning, critical }: LogCheck, count: number): 0 | 1 | 2 {
  if (critical !== undefined && isOutOfRange(critical, count)) return 2;
  return warning !== undefined && isOutOfRange(warning, count) ? 1 : 0;
}

/** What is wrong with the arguments of a check; null when nothing is, or it is no log check. Macros are replaced by a word. Pure. */
export function findLogCheckFault(command: string, checkArguments: readonly string[]): string | null {
  if (command !== logCheckCommand) return null;
  try {
    parseLogCheck(checkArguments.map((text) => text.replace(/\$[A-Z0-9_]+\$/gi, "1")));
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** Throws InputError when a check is a log check that cannot be computed. */
export function refuseLogCheckFault(command: string, checkArguments: readonly string[]): void {
  const message = findLogCheckFault(command, checkArguments);
  if (message !== null) throw new InputError(`the log check: ${message}`, [{ field: "arguments", message }]);
}
