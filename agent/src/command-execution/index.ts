// Commands: what the control plane asks for over the stream, carried out if this host's policy allows it. Each ends in one outcome,
// which is sent until the control plane has it; a command that arrives twice is carried out once. An event handler changes things, so that it is begun
// once even when the agent is restarted in the middle.
export * from "./begun-commands.ts";
export * from "./command-executor.ts";
export * from "./run-event-handler.ts";
