import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import type { CommandContext, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";

/** Results from outside. Nagios' code of a host: 0 UP, 1 DOWN, 2 UNREACHABLE. */
export const resultCommands: CommandTable = {
  PROCESS_SERVICE_CHECK_RESULT: {
    fields: ["host", "service", "return code", "output?"],
    toResult: (fields, context) => ({ ...resultOf(fields, context), service: fields.name("service") }),
  },
  PROCESS_HOST_CHECK_RESULT: {
    fields: ["host", "return code", "output?"],
    toResult: resultOf,
  },
};

function resultOf(fields: CommandFields, { atMs }: CommandContext): PassiveCheckResult {
  return {
    host: fields.name("host"),
    returnCode: fields.integer("return code"),
    output: unescapeOutput(fields.text("output")),
    checkedAtMs: atMs,
  };
}

/** A command is one line, so several lines of output are written with `\n` between them, and a backslash as `\\`. Pure. */
export function unescapeOutput(output: string): string {
  return output.includes("\\") ? output.replace(/\\(n|\\)/g, (_, what) => (what === "n" ? "\n" : "\\")) : output;
}
