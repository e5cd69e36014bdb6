// The log pipeline: a process of its own, the *shipper*, reads the logs of this host, makes records of them, queues them on disk and ships them. The agent
// starts it only where there are log jobs, starts it again when it dies, and tells it its jobs; it tells the agent how it gets on, and ends with it.
// The agent runs without optimising compilers to be small; the shipper has them, as it may have a hundred thousand lines a second to read.
export * from "./diagnostics.ts";
export * from "./pipeline-words.ts";
export * from "./report-pipeline.ts";
export * from "./supervise.ts";
