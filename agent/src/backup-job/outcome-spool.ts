import { mkdir, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { BackupRunOutcome } from "@mycloud/protocol/backup-run";
import type { Logger } from "../logger/index.ts";
import { writeFileAtomically } from "../state-directory/index.ts";
import type { ControlPlane, Failure } from "../transport/index.ts";

/** Ends of runs on their way to the control plane; a file each, so that none is lost and none counts twice. */
export interface OutcomeSpool {
  /** Durable when this resolves. Throws what the file system says. */
  add(outcome: BackupRunOutcome): Promise<void>;
  /** Whether the end of this run waits to be delivered. */
  has(runId: string): Promise<boolean>;
  /** Sends the oldest: "again" when it has left, "idle" when there was none, else why it stays. */
  deliverOldest(controlPlane: Pick<ControlPlane, "sendBackupOutcome">): Promise<"again" | "idle" | Failure>;
}

const suffix = ".json";

/** Opens the spool. Throws when its directory cannot be made. */
export async function openOutcomeSpool(directory: string, logger: Logger): Promise<OutcomeSpool> {
  await mkdir(directory, { recursive: true, mode: 0o750 });

  async function files(): Promise<string[]> {
    return (await readdir(directory)).filter((name) => name.endsWith(suffix)).sort();
  }

  return {
    async add(outcome) {
      const name = `${String(outcome.finishedAtMs).padStart(15, "0")}-${outcome.runId}${suffix}`;
      await writeFileAtomically(join(directory, name), JSON.stringify(outcome));
    },
    has: async (runId) => (await files()).some((name) => name.endsWith(`-${runId}${suffix}`)),
    async deliverOldest(controlPlane) {
      const [name] = await files();
      if (name === undefined) return "idle";
      const path = join(directory, name);
      const parsed = BackupRunOutcome.safeParse(parseJson(await readFile(path, "utf8")));
      if (!parsed.success) {
        await rename(path, `${path}.damaged`);
        return "again";
      }
      const sent = await controlPlane.sendBackupOutcome(parsed.data);
      if (sent.kind === "invalid") {
        logger.warn({ runId: parsed.data.runId, reason: sent.message }, "the end of a backup run is not taken");
        await rename(path, `${path}.rejected`);
        return "again";
      }
      if (sent.kind !== "ok") return sent;
      await unlink(path);
      return "again";
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
