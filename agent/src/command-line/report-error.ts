import { CommanderError } from "commander";
import { CommandError } from "./command-error.ts";
import { printable } from "./table.ts";

/** What is printed on stderr for a failure, and the exit code. An empty text prints nothing. */
export interface FailureReport {
  readonly text: string;
  readonly exitCode: number;
}

/** Turns whatever ended a command into one line (or JSON) and an exit code. Pure. */
export function reportError(error: unknown, isJson: boolean, isDebugging: boolean): FailureReport {
  if (error instanceof CommanderError && error.exitCode === 0) return { text: "", exitCode: 0 };
  const failure = toCommandError(error);
  if (isJson) {
    const { code, message, exitCode: number, issues } = failure;
    const body = { error: { code, message, exitCode: number, ...(issues.length > 0 ? { issues } : {}) } };
    return { text: `${JSON.stringify(body)}\n`, exitCode: number };
  }
  const lines = [`mycloud: ${printable(failure.message)}`];
  for (const issue of failure.issues) {
    const isSaid = issue.value === undefined && failure.message.includes(`${issue.field}: ${issue.message}`);
    if (isSaid) continue;
    const seen = issue.value === undefined ? "" : ` (is ${printable(issue.value)})`;
    lines.push(`  ${issue.field}: ${printable(issue.message)}${seen}`);
  }
  const trace = isDebugging && error instanceof Error ? `${error.stack}\n` : "";
  return { text: `${lines.join("\n")}\n${trace}`, exitCode: failure.exitCode };
}

function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof CommanderError) return new CommandError("usage", usageMessage(error.message));
  const foreign = foreignFailure(error);
  if (foreign !== undefined) return foreign;
  const message = error instanceof Error ? error.message : String(error);
  return new CommandError("internal", `${message} (a fault of this program; MYCLOUD_DEBUG=1 shows where)`, {
    cause: error,
  });
}

/** Errors of other folders that carry an exit code of their own, and the file system's words for what a person can mend. */
function foreignFailure(error: unknown): CommandError | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("exitCode" in error && typeof error.exitCode === "number") {
    return new CommandError("failed", error.message, { exitCode: error.exitCode, cause: error });
  }
  if (!("code" in error) || typeof error.code !== "string" || !("syscall" in error)) return undefined;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  if (path === undefined) return undefined;
  if (error.code === "ENOENT") return new CommandError("notFound", `${path} does not exist`, { cause: error });
  if (error.code === "EISDIR") return new CommandError("input", `${path} is a directory`, { cause: error });
  if (["EACCES", "EPERM", "EROFS"].includes(error.code)) {
    return new CommandError("cannotWrite", `${path} is not accessible to this user (${error.code})`, { cause: error });
  }
  return undefined;
}

/** commander writes `error: unknown command 'hots'\n(Did you mean host?)`; one line here. */
function usageMessage(text: string): string {
  const message = text.replace(/^error: /, "").replace(/\n\(Did you mean (one of )?(.+)\?\)$/s, "; did you mean $2?");
  return printable(message.replaceAll(/\s+/g, " ").trim());
}
