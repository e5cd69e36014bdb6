import { readFile } from "node:fs/promises";
import type { AgentStatus } from "@mycloud/checks/plugin";
import { LogPipelineStatus } from "@mycloud/protocol/log-source";
import { z } from "zod";
import { writeFileAtomically } from "../state-directory/index.ts";

/** `status.json`: what the checks read, and more for people. */
export const AgentStatusFile = z.object({
  version: z.string(),
  pid: z.number().int(),
  hostName: z.string(),
  startedAtMs: z.number(),
  writtenAtMs: z.number(),
  controlPlaneUrl: z.string().nullable(),
  lastContactAtMs: z.number().nullable(),
  lastError: z.string().nullable(),
  isRefused: z.boolean(),
  connectedSinceMs: z.number().nullable(),
  clockOffsetSeconds: z.number().nullable(),
  configurationConfirmedAtMs: z.number().nullable(),
  checks: z.number().int(),
  skippedRuns: z.number().int(),
  spooledBatches: z.number().int(),
  spooledBytes: z.number().int(),
  oldestSpooledAtMs: z.number().nullable(),
  droppedBatches: z.number().int(),
  droppedResults: z.number().int(),
  rejectedBatches: z.number().int(),
  /** Left out while no logs are read. */
  logs: LogPipelineStatus.optional(),
}) satisfies z.ZodType<AgentStatus>;
export type AgentStatusFile = z.infer<typeof AgentStatusFile>;

/** Writes the status. Not synced: it is old news after a crash anyway. */
export async function writeStatus(path: string, status: AgentStatusFile): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(status)}\n`, { mode: 0o644, isDurable: false });
}

/** Reads the status; undefined when the agent has never run here. Throws when the file may not be read. */
export async function readStatus(path: string): Promise<AgentStatusFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return AgentStatusFile.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
