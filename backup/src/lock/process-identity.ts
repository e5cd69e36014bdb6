import { readFileSync, readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { userNameOfProcess } from "../key/key-file.ts";

/** The process that locks, as others need to know it. */
export interface LockOwner {
  readonly hostname: string;
  readonly username: string;
  readonly uid: number;
  readonly gid: number;
  readonly pid: number;
  /** Boot, pid namespace and start time; null where the system does not tell. */
  readonly process: string | null;
}

/** This process. */
export function presentProcess(): LockOwner {
  const { uid, gid } = userInfoOrNull() ?? { uid: 0, gid: 0 };
  return {
    hostname: hostname(),
    username: userNameOfProcess(),
    uid,
    gid,
    pid: process.pid,
    process: identify(process.pid),
  };
}

/** Whether a process of this machine, in this pid namespace, is alive: pids alone come again, and mean nothing elsewhere. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/**
 * What distinguishes a process from every other that ever had its pid: `BOOT/NAMESPACE/START`. Null when it does not exist or the system
 * (not Linux) does not say.
 */
export function identify(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    const namespace = readlinkSync("/proc/self/ns/pid");
    // proc(5): the name in parentheses may hold anything; the start time is the 22nd field, the 20th after it.
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
    const [state, start] = [fields[0], fields[19]];
    // A zombie has ended, though nobody has asked for its exit code yet.
    const isDead = state === "Z" || state === "X";
    return start === undefined || isDead ? null : `${boot}/${namespace}/${start}`;
  } catch {
    return null;
  }
}

/** Seconds since this machine started, time asleep included; null where the system does not tell. No clock that is set changes it. */
export function uptimeSeconds(): number | null {
  try {
    return Number.parseFloat(readFileSync("/proc/uptime", "latin1"));
  } catch {
    return null;
  }
}

function userInfoOrNull(): { uid: number; gid: number } | null {
  try {
    return userInfo();
  } catch {
    return null;
  }
}
