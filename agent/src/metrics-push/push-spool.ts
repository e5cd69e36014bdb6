import { mkdir, readdir, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { MetricsPush } from "@mycloud/protocol/host-metrics";
import { writeFileAtomically } from "../state-directory/index.ts";
import type { Failure, Outcome } from "../transport/index.ts";

/** What may wait. */
export interface PushSpoolPolicy {
  readonly maximumBytes: number;
  readonly maximumPushes: number;
}

/** A day at a push every 15 seconds; some kilobytes each. */
export const defaultPushSpoolPolicy: PushSpoolPolicy = { maximumBytes: 64 * 1024 * 1024, maximumPushes: 5_760 };

/** What waits, and what was given up since the start. */
export interface PushSpoolStatus {
  readonly pushes: number;
  readonly bytes: number;
  /** Dropped because the spool was full. */
  readonly dropped: number;
  /** Refused by the control plane, or lost with the disk. */
  readonly lost: number;
}

/** Sends a push, which is compressed JSON. */
export type SendPush = (body: Uint8Array) => Promise<Outcome<unknown>>;

/** Pushes on their way to the control plane: a file each, oldest first; beyond the bound the oldest go and are counted. */
export interface PushSpool {
  /** Durable when this resolves. Rejects with what the file system says, and counts the push as lost. */
  add(push: MetricsPush): Promise<void>;
  /** Sends the oldest: "again" when it has left, "idle" when there was none, else why it stays. */
  deliverOldest(send: SendPush): Promise<"again" | "idle" | Failure>;
  status(): PushSpoolStatus;
}

interface Entry {
  readonly name: string;
  readonly bytes: number;
}

const compress = promisify(gzip);
/** `<number, 12 digits>.json.gz`: sorting names sorts by age, whatever the clock did. */
const namePattern = /^(\d{12})\.json\.gz$/;

/** Opens the spool of a directory, which is made if need be, with what the last run left. */
export async function openPushSpool(
  directory: string,
  policy: PushSpoolPolicy = defaultPushSpoolPolicy,
): Promise<PushSpool> {
  await mkdir(directory, { recursive: true, mode: 0o750 });
  const entries = await findEntries(directory);
  let next = Number(namePattern.exec(entries.at(-1)?.name ?? "")?.[1] ?? 0) + 1;
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  let dropped = 0;
  let lost = 0;
  /** The one that is under way is not dropped: it may have arrived. */
  let sending: Entry | undefined;

  async function remove(entry: Entry): Promise<void> {
    const index = entries.indexOf(entry);
    if (index === -1) return;
    entries.splice(index, 1);
    bytes -= entry.bytes;
    await unlink(join(directory, entry.name)).catch(() => undefined);
  }

  async function keepWithinBounds(): Promise<void> {
    while (entries.length > policy.maximumPushes || bytes > policy.maximumBytes) {
      const oldest = entries.find((entry) => entry !== sending);
      if (oldest === undefined || oldest === entries.at(-1)) return;
      await remove(oldest);
      dropped++;
    }
  }

  return {
    async add(push) {
      const body = await compress(JSON.stringify(push));
      const name = `${String(next++).padStart(12, "0")}.json.gz`;
      try {
        await writeFileAtomically(join(directory, name), body);
      } catch (error) {
        lost++;
        throw error;
      }
      entries.push({ name, bytes: body.length });
      bytes += body.length;
      await keepWithinBounds();
    },
    async deliverOldest(send) {
      const [oldest] = entries;
      if (oldest === undefined) return "idle";
      sending = oldest;
      try {
        const body = await readFile(join(directory, oldest.name)).catch(() => null);
        const outcome: Outcome<unknown> =
          body === null ? { kind: "invalid", message: "the file cannot be read" } : await send(body);
        if (outcome.kind !== "ok" && outcome.kind !== "invalid") return outcome;
        if (outcome.kind === "invalid") lost++;
        await remove(oldest);
        return "again";
      } finally {
        sending = undefined;
      }
    },
    status: () => ({ pushes: entries.length, bytes, dropped, lost }),
  };
}

async function findEntries(directory: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of (await readdir(directory)).sort()) {
    // Left by a crash between writing and renaming.
    if (name.endsWith(".tmp")) await unlink(join(directory, name)).catch(() => undefined);
    if (namePattern.test(name)) entries.push({ name, bytes: (await stat(join(directory, name))).size });
  }
  return entries;
}
