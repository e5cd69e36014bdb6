import type { InputIssue } from "@mycloud/protocol/error";
import { type ExitCodeName, exitCode } from "./exit-code.ts";

interface CommandErrorOptions {
  /** Stable code for programs; by default it follows from the exit code: `MYCLOUD_NOT_FOUND`. */
  readonly code?: string;
  readonly issues?: readonly InputIssue[];
  readonly cause?: unknown;
  /** Ends with this number instead: a child's own exit code. */
  readonly exitCode?: number;
}

/** Ends a command: printed as `mycloud: <message>` (or JSON with --json), one line and no stack trace. */
export class CommandError extends Error {
  readonly exitCode: number;
  readonly code: string;
  readonly issues: readonly InputIssue[];

  constructor(name: ExitCodeName, message: string, options: CommandErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CommandError";
    this.exitCode = options.exitCode ?? exitCode(name);
    this.code = options.code ?? `MYCLOUD_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    this.issues = options.issues ?? [];
  }
}
