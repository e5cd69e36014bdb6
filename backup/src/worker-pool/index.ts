// Worker threads for heavy synchronous work: a pool hands jobs (plain data) to threads that run one entry module, and each thread answers
// one job after the other with `serveJobs`. Threads start when there is work, so that an operation that finds none pays nothing, unless the pool is eager.
// An outcome that is to be expected is a value in the result; what a job throws is a fault and arrives as JobFailedError.
export * from "./create-worker-pool.ts";
export * from "./job-error.ts";
export * from "./serve-jobs.ts";
export * from "./thread-count.ts";
export * from "./worker-pool.ts";
