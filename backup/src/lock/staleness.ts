import type { Lock } from "./lock-file.ts";
import type { LockOwner } from "./process-identity.ts";

/** A lock that was not refreshed for so long is stale, by restic's rule; in milliseconds. Owners refresh every five minutes. */
export const staleAfterMs = 30 * 60 * 1000;

/** Why a lock counts for nothing, or why it stands. */
export type Staleness =
  /** Its process has ended, for certain. It may be removed without asking. */
  | { readonly kind: "dead" }
  /** It looks abandoned by clock or pid, as restic judges, but a wrong clock or a second host of the same name would look so too. */
  | { readonly kind: "stale"; readonly reason: string }
  | { readonly kind: "held" };

/** What this host knows about processes. */
export interface KnownProcesses {
  readonly self: LockOwner;
  isAlive(pid: number): boolean;
  identify(pid: number): string | null;
  uptimeSeconds(): number | null;
}

const notRefreshed: Staleness = { kind: "stale", reason: "it was not refreshed for 30 minutes" };

/** Judges a lock. `nowMs` is our clock, which need not be its owner's. */
export function judgeLock(lock: Lock, processes: KnownProcesses, nowMs: number): Staleness {
  const { self } = processes;
  const [boot, namespace] = lock.process?.split("/") ?? [];
  const [ownBoot, ownNamespace] = self.process?.split("/") ?? [];
  if (boot !== undefined && boot === ownBoot && namespace === ownNamespace) {
    // The same boot of the same machine, so its clock has no say in this.
    if (processes.identify(lock.pid) !== lock.process) return { kind: "dead" };
    const upSeconds = (processes.uptimeSeconds() ?? 0) - (lock.uptimeSeconds ?? Number.POSITIVE_INFINITY);
    return upSeconds * 1000 <= staleAfterMs ? { kind: "held" } : notRefreshed;
  }
  const isOurHost = lock.hostname === self.hostname;
  if (isOurHost && !processes.isAlive(lock.pid)) {
    return { kind: "stale", reason: `no process ${lock.pid} runs on ${lock.hostname}` };
  }
  const ageMs = nowMs - Date.parse(lock.time);
  // A time that cannot be read is no sign of life either.
  return ageMs <= staleAfterMs ? { kind: "held" } : notRefreshed;
}
