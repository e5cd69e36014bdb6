import type { Command } from "commander";
import type { InstanceChoice } from "../client/index.ts";

const heading = "Which control plane (default: the one running on this machine):";

/** Adds the options that say which control plane to ask and how to print; every command that talks to one has them. */
export function addInstanceOptions(command: Command): Command {
  return command
    .optionsGroup(heading)
    .option("--state-dir <DIR>", "the one that keeps its state in DIR (env MYCLOUD_STATE_DIR)")
    .option("--server <URL>", "the one at URL (env MYCLOUD_SERVER)")
    .option("--token-file <FILE>", "the API token to use there (env MYCLOUD_TOKEN_FILE)")
    .optionsGroup("Options:")
    .option("--json", "print JSON: the API's own objects; failures as JSON on stderr");
}

/** What a command that talks to a control plane got by `addInstanceOptions`. */
export interface InstanceFlags extends InstanceChoice {
  readonly json?: boolean;
}

/**
 * A command's options together with those written before it (`mycloud --json host list`). The nearer one wins; a default counts only where
 * nobody wrote anything.
 */
export function flagsOf<Flags extends object>(command: Command): Flags & InstanceFlags {
  const written: Record<string, unknown> = {};
  const defaults: Record<string, unknown> = {};
  for (let at: Command | null = command; at !== null; at = at.parent) {
    for (const [name, value] of Object.entries(at.opts())) {
      const into = at.getOptionValueSource(name) === "default" ? defaults : written;
      if (value !== undefined && !(name in into)) into[name] = value;
    }
  }
  return { ...defaults, ...written } as Flags & InstanceFlags;
}
