// Which machine a person means, and which of its repositories. A command of the person's own backups takes --machine and --policy; left out,
// it is this host when the person may see it, else the only one there is. The choice is pure (choose-machine.ts, choose-repository.ts); what it is
// made from is asked of the control plane and read from the agent's identity on this host.
export * from "./choose-machine.ts";
export * from "./choose-repository.ts";
export * from "./list-machines.ts";
export * from "./machine-options.ts";
export * from "./open-place.ts";
export * from "./this-host.ts";
