// A process that does one task for another one and ends, so that neither its memory nor a crash is the other's. It is told the task over the channel between
// them, with a first token for the storage server; a further token is asked for when one is refused. It ends with the channel: killed in the middle, the
// other process leaves no work behind that nobody watches. Everything else on the machine goes first.
export * from "./run-task-process.ts";
export * from "./serve-task.ts";
export * from "./task-words.ts";
