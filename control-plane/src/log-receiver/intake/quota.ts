import type { LogIdentity } from "../../log-sender/index.ts";

/** What a sender may do now. */
export type Allowance =
  | { readonly kind: "go" }
  /** It was too fast: nothing more of it for so long. */
  | { readonly kind: "wait"; readonly ms: number }
  /** It had its bytes of the day. */
  | { readonly kind: "exhausted"; readonly untilMs: number };

interface Used {
  /** Lines that may come at once; below zero when more came than that. */
  lines: number;
  atMs: number;
  day: number;
  bytes: number;
}

const dayMs = 86_400_000;
/** So many seconds' worth of lines may come at once. */
const burstSeconds = 2;

/** What senders have used of their lines per second and bytes per day (UTC). Kept in memory: a restart forgives. */
export class Quotas {
  readonly #used = new Map<string, Used>();

  /** What `identity` may do, before more of it is read. Pure. */
  check(identity: LogIdentity, nowMs: number): Allowance {
    const { maximumLinesPerSecond: rate, maximumBytesPerDay } = identity;
    if (rate === null && maximumBytesPerDay === null) return { kind: "go" };
    const used = this.#usedBy(identity, nowMs);
    if (maximumBytesPerDay !== null && used.bytes >= maximumBytesPerDay) {
      return { kind: "exhausted", untilMs: (used.day + 1) * dayMs };
    }
    if (rate === null || used.lines > 0) return { kind: "go" };
    return { kind: "wait", ms: Math.ceil((1 - used.lines) * (1000 / rate)) };
  }

  /** Counts what came. */
  use(identity: LogIdentity, lines: number, bytes: number, nowMs: number): void {
    if (identity.maximumLinesPerSecond === null && identity.maximumBytesPerDay === null) return;
    const used = this.#usedBy(identity, nowMs);
    used.lines -= lines;
    used.bytes += bytes;
  }

  #usedBy({ key, maximumLinesPerSecond: rate }: LogIdentity, nowMs: number): Used {
    const day = Math.floor(nowMs / dayMs);
    const most = (rate ?? 0) * burstSeconds;
    const used = this.#used.get(key) ?? { lines: most, atMs: nowMs, day, bytes: 0 };
    if (used.day !== day) Object.assign(used, { day, bytes: 0 });
    const elapsedMs = Math.max(0, nowMs - used.atMs);
    used.lines = Math.min(most, used.lines + (elapsedMs / 1000) * (rate ?? 0));
    used.atMs = nowMs;
    this.#used.set(key, used);
    return used;
  }
}
