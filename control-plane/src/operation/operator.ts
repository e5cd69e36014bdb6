import type { Actor } from "../http/actor.ts";
import type { Scope } from "../scope/index.ts";

/** Who does something to what is monitored, over whatever way it was asked for. */
export interface Operator {
  /** For the audit. */
  readonly actor: Actor;
  /** Nothing outside of it is found. */
  readonly scope: Scope;
}

/** The user behind an operator, to be told how it went on; null for tokens and the program itself. Pure. */
export function userIdOf({ actor }: Operator): number | null {
  return actor.kind === "user" && actor.id !== null ? Number(actor.id) : null;
}

/** The name written beside what an operator does: the one a command gives, or else the operator's own. At most 255 characters. Pure. */
export function authorOf(operator: Operator, given?: string): string {
  const name = given?.trim();
  return (name || operator.actor.name).slice(0, 255);
}
