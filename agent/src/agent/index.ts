// The agent: wires schedule, spool and transport together and runs them until it is told to stop.
export * from "./run-agent.ts";
