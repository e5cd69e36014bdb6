import type { Id } from "../blob/index.ts";
import { DocumentFields } from "../document/index.ts";
import { DamagedError } from "../error/index.ts";

/**
 * A lock file as restic has it, and after its fields what tells a dead process for certain: which boot of which machine, which pid
 * namespace and which start time its pid belongs to (`mycloud_process`), and how long that machine had been up (`mycloud_uptime_seconds`), for
 * its clock may be set meanwhile. Other programs pass over these.
 */
export interface LockFile {
  readonly time: string;
  readonly exclusive: boolean;
  readonly hostname: string;
  readonly username: string;
  readonly pid: number;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly mycloud_process?: string | undefined;
  readonly mycloud_uptime_seconds?: number | undefined;
}

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
  const damaged = (message: string) => new DamagedError(`locks/${id}`, `is no lock: ${message}`);
  const fields = new DocumentFields(document, damaged);
  for (const name of ["uid", "gid"]) if (fields.has(name)) fields.wholeNumber(name);
  return {
    id,
    time: fields.text("time"),
    isExclusive: fields.flag("exclusive"),
    hostname: fields.text("hostname", { fallback: "" }),
    username: fields.text("username", { fallback: "" }),
    pid: fields.wholeNumber("pid", { fallback: 0 }),
    process: fields.has("mycloud_process") ? fields.text("mycloud_process") : null,
    uptimeSeconds: fields.has("mycloud_uptime_seconds") ? fields.number("mycloud_uptime_seconds") : null,
  };
}

/** Who holds a lock, for people. */
export function describeLock(lock: Lock): string {
  const kind = lock.isExclusive ? "exclusively" : "shared";
  return `locked ${kind} by ${lock.username}@${lock.hostname}, pid ${lock.pid}, since ${lock.time} (lock ${lock.id.slice(0, 8)})`;
}
