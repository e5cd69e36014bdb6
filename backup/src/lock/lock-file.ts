import { z } from "zod";
import type { Id } from "../blob/index.ts";
import { DamagedError } from "../error/index.ts";

/**
 * A lock file as restic has it, and after its fields what tells a dead process for certain: which boot of which machine, which pid
 * namespace and which start time its pid belongs to (`mycloud_process`), and how long that machine had been up (`mycloud_uptime_seconds`), for
 * its clock may be set meanwhile. Other programs pass over these.
 */
export const LockFile = z.object({
  time: z.string(),
  exclusive: z.boolean().default(false),
  hostname: z.string().default(""),
  username: z.string().default(""),
  pid: z.int().default(0),
  uid: z.int().optional(),
  gid: z.int().optional(),
  mycloud_process: z.string().optional(),
  mycloud_uptime_seconds: z.number().optional(),
});
export type LockFile = z.infer<typeof LockFile>;

/** A lock in a repository. */
export interface Lock {
  readonly id: Id;
  /** RFC 3339, by the clock of its owner: when it was made or last refreshed. */
  readonly time: string;
  readonly isExclusive: boolean;
  readonly hostname: string;
  readonly username: string;
  readonly pid: number;
  /** See `LockFile`; null for locks of other programs. */
  readonly process: string | null;
  readonly uptimeSeconds: number | null;
}

/** Reads a lock. Throws DamagedError. */
export function parseLock(id: Id, document: unknown): Lock {
  const parsed = LockFile.safeParse(document);
  if (!parsed.success) throw new DamagedError(`locks/${id}`, `is no lock: ${z.prettifyError(parsed.error)}`);
  const { time, exclusive, hostname, username, pid, mycloud_process, mycloud_uptime_seconds } = parsed.data;
  return {
    id,
    time,
    isExclusive: exclusive,
    hostname,
    username,
    pid,
    process: mycloud_process ?? null,
    uptimeSeconds: mycloud_uptime_seconds ?? null,
  };
}

/** Who holds a lock, for people. */
export function describeLock(lock: Lock): string {
  const kind = lock.isExclusive ? "exclusively" : "shared";
  return `locked ${kind} by ${lock.username}@${lock.hostname}, pid ${lock.pid}, since ${lock.time} (lock ${lock.id.slice(0, 8)})`;
}
