import type { Command } from "commander";
import { addInstanceOptions, type InstanceFlags } from "../command-line/index.ts";

/** What `addMachineOptions` gives. */
export interface MachineFlags extends InstanceFlags {
  readonly machine?: string;
  readonly policy?: string;
}

/** Adds --machine and --policy, and the options that say which control plane to ask. */
export function addMachineOptions(command: Command): Command {
  command
    .optionsGroup("Which backups (default: this machine's, or the only ones there are):")
    .option("-m, --machine <NAME>", "those of this machine, as mycloud status names it")
    .option("-p, --policy <NAME>", "those of this policy, when a machine has several")
    .optionsGroup("Options:");
  return addInstanceOptions(command);
}
