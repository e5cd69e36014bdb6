// Engines: processes of the agent that do long work on files and repositories, so that neither a crash nor their memory ever takes the agent down. An
// engine is told what to do over the channel between them, and ends with that channel: killed in the middle, the agent leaves no work behind that
// nobody watches.
export * from "./engine-basics.ts";
export * from "./run-engine-process.ts";
export * from "./serve-engine.ts";
