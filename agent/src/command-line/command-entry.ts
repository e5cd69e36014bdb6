import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** Headings of `mycloud --help`, in this order. */
export const commandGroups = ["Your backups:", "Run:", "Look:", "Act:", "Define:", "Set up:", "Other:"] as const;

/**
 * A command as the program knows it before it is loaded: enough for help and suggestions, so that starting costs the modules of one
 * command only. Without `load` it belongs to another workspace, and `bin/mycloud` runs it there.
 */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: (typeof commandGroups)[number];
  /** `verb` is the word that was written behind the name: a command may load that verb alone, when it is one of its verbs. */
  readonly load?: (terminal: Terminal, verb?: string) => Promise<Command>;
}
