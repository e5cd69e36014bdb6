import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import type { Operator } from "../operation/operator.ts";
import type { CommandFields } from "./command-fields.ts";

/** Who gave a command, and when. */
export interface CommandContext {
  readonly operator: Operator;
  /** When it was written, as the line says; else now. */
  readonly atMs: number;
  readonly nowMs: number;
}

interface WithFields {
  /** Names of the fields in their order; a name that ends in `?` may be missing, with all that follow it. */
  readonly fields: readonly string[];
}

/** A command that does something. Answers what it did as a sentence; throws a DomainError with the reason when it does not. */
export interface ActionCommand extends WithFields {
  /** Why it is never carried out, where that is so. */
  readonly refusal?: string;
  run(fields: CommandFields, context: CommandContext): Promise<string>;
}

/** A command that is a passive result; many in a row are stored together. */
export interface ResultCommand extends WithFields {
  toResult(fields: CommandFields, context: CommandContext): PassiveCheckResult;
}

export type CommandDefinition = ActionCommand | ResultCommand;

/** Commands by name. */
export type CommandTable = Readonly<Record<string, CommandDefinition>>;
