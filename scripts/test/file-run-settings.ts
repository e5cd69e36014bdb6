import { z } from "zod";

/** What run-files.ts is told. */
export const FileRunSettings = z.object({
  /** Absolute paths, in the order in which they are started. */
  files: z.array(z.string()),
  concurrency: z.number(),
  /** `none`: all in one process, one after another. */
  isolation: z.enum(["none", "process"]),
  /** Of Node, for the process of each file. */
  execArgv: z.array(z.string()),
  /** Longer than that no test and no suite may take. */
  timeoutMs: z.number(),
  /** Pattern of the names of tests. */
  name: z.string().optional(),
  junitPath: z.string(),
  countsPath: z.string(),
});
export type FileRunSettings = z.infer<typeof FileRunSettings>;
