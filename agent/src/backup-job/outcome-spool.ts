import { mkdir, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { BackupRunOutcome } from "@mycloud/protocol/backup-run";
import type { z } from "zod";
import type { Logger } from "../logger/index.ts";
import { writeFileAtomically } from "../state-directory/index.ts";
import type { ControlPlane, Failure, Outcome } from "../transport/index.ts";

/** Ends of runs on their way to the control plane; a file each, so that none is lost and none counts twice. */
export interface RunSpool<Ending> {
  /** Durable when this resolves. Throws what the file system says. */
  add(outcome: Ending): Promise<void>;
  /** Whether the end of this run waits to be delivered. */
  has(runId: string): Promise<boolean>;
  /** Sends the oldest: "again" when it has left, "idle" when there was none, else why it stays. */
  deliverOldest(send: (outcome: Ending) => Promise<Outcome<unknown>>): Promise<"again" | "idle" | Failure>;
}

/** Ends of backup runs. */
export interface OutcomeSpool extends Omit<RunSpool<BackupRunOutcome>, "deliverOldest"> {
  deliverOldest(controlPlane: Pick<ControlPlane, "sendBackupOutcome">): Promise<"again" | "idle" | Failure>;
}

const suffix = ".json";

/** Opens a spool. Throws when its directory cannot be made. */
export async function openRunSpool<Ending extends { readonly runId: string; readonly finishedAtMs: number }>(
  directory: string,
  schema: z.ZodType<Ending>,
  logger: Logger,
): Promise<RunSpool<Ending>> {
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
    async deliverOldest(send) {
      const [name] = await files();
      if (name === undefined) return "idle";
      const path = join(directory, name);
      const parsed = schema.safeParse(parseJson(await readFile(path, "utf8")));
      if (!parsed.success) {
        await rename(path, `${path}.damaged`);
        return "again";
      }
      const sent = await send(parsed.data);
      if (sent.kind === "invalid") {
        logger.warn({ runId: parsed.data.runId, reason: sent.message }, "the end of a run is not taken");
        await rename(path, `${path}.rejected`);
        return "again";
      }
      if (sent.kind !== "ok") return sent;
      await unlink(path);
      return "again";
    },
  };
}

/** Opens the spool of backup runs. Throws when its directory cannot be made. */
export async function openOutcomeSpool(directory: string, logger: Logger): Promise<OutcomeSpool> {
  const spool = await openRunSpool(directory, BackupRunOutcome, logger);
  return {
    ...spool,
    deliverOldest: (controlPlane) => spool.deliverOldest((end) => controlPlane.sendBackupOutcome(end)),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
