import { readFile } from "node:fs/promises";
import { AgentConfiguration } from "@mycloud/protocol/agent";
import { z } from "zod";
import { writeFileAtomically } from "../state-directory/index.ts";

/** A configuration, the ETag it came with, and when the control plane last said that it is right. */
export const CachedConfiguration = z.object({
  etag: z.string(),
  confirmedAtMs: z.number().int(),
  configuration: AgentConfiguration,
});
export type CachedConfiguration = z.infer<typeof CachedConfiguration>;

/** Reads the cached configuration; undefined when there is none or it is damaged (then the control plane is asked afresh). */
export async function readCachedConfiguration(path: string): Promise<CachedConfiguration | undefined> {
  try {
    return CachedConfiguration.safeParse(JSON.parse(await readFile(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Writes the cached configuration. Throws what the file system says. */
export async function writeCachedConfiguration(path: string, cached: CachedConfiguration): Promise<void> {
  // It holds secrets: of log servers, and of the devices that this host probes.
  await writeFileAtomically(path, JSON.stringify(cached), { mode: 0o600 });
}
