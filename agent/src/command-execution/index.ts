// Commands: what the control plane asks for over the stream, carried out if this host's policy allows it. Each ends in one outcome,
// which is sent until the control plane has it; a command that arrives twice is carried out once.
export * from "./command-executor.ts";
