import type { Logger } from "../../logger/index.ts";
import type { MutableCounters } from "../source-counters.ts";

/** So many paths are remembered as refused, for saying it once. */
const MAXIMUM_REMEMBERED = 10_000;
/** So many are named to who asks how the source gets on. */
const MAXIMUM_NAMED = 10;

/** The files that were asked for and are not read, and why: as of the last two looks at everything. */
export interface Refusals {
  /** Says once why a path is not read; is told it at each look at which it still is not. */
  refuse(path: string, reason: string): void;
  /** After a look at everything: what was not refused since the look before is refused no more. */
  endLook(): void;
}

/** Makes it; what is refused is counted and named in `counters`. */
export function createRefusals(counters: Pick<MutableCounters, "refused" | "unread">, logger: Logger): Refusals {
  const refused = new Map<string, { readonly reason: string; readonly look: number }>();
  let look = 0;

  function tell(): void {
    counters.refused = refused.size;
    counters.unread = [...refused].slice(0, MAXIMUM_NAMED).map(([path, { reason }]) => `${path} ${reason}`);
  }

  return {
    refuse(path, reason) {
      const before = refused.get(path);
      if (before === undefined && refused.size >= MAXIMUM_REMEMBERED) return;
      refused.set(path, { reason, look });
      if (before?.reason === reason) return;
      tell();
      logger.warn({ path, reason }, "a log is not read");
    },
    endLook() {
      const { size } = refused;
      for (const [path, { look: refusedAt }] of refused) if (refusedAt < look) refused.delete(path);
      look++;
      if (refused.size !== size) tell();
    },
  };
}
