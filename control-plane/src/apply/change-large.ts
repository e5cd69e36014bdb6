import { setTimeout as sleep } from "node:timers/promises";
import { ConflictError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { Reply } from "../http/route.ts";
import type { Applies, LargeApplied } from "./create-applies.ts";
import type { Edit } from "./plan-edit.ts";

/** A change by the console or the API that is too much for one transaction: an edit of one object, or definitions as files have them. */
export type LargeChange = {
  readonly actor: Actor;
  /** Fires when nobody waits any more: what is not decided by then is given up. */
  readonly signal: AbortSignal;
} & ({ readonly edit: Edit } | { readonly resources: readonly unknown[] });

/** The answer to a change that is under way: what it is about as it is by now, and where to see when it is done. */
export function underWay(body: unknown): Reply {
  return new Reply(202, body, { location: "/api/v1/applies" });
}

/** Proxies give up after a minute; people want to hear sooner that it takes long. */
const answeredAfterMs = 20_000;

/**
 * Plans a change as an apply and carries it out in slices. Answers `under-way` when it is decided and takes longer than somebody should wait for an answer:
 * it goes on then, also after this process. Throws InputError or ConflictError before anything is changed.
 */
export async function changeLarge(
  applies: Applies,
  change: LargeChange,
  waitMs: number = answeredAfterMs,
): Promise<"carried-out" | "under-way"> {
  const decided = Promise.withResolvers<void>();
  const waiting = new AbortController();
  const { actor, signal } = change;
  const resources = "resources" in change ? change.resources : [];
  const running = applies.run(
    {
      actor,
      signal,
      prune: [],
      dryRun: false,
      ...("edit" in change ? { edit: change.edit } : {}),
      feed: async (take) => {
        if (resources.length === 0) return;
        await take(new TextEncoder().encode(resources.map((item) => `${JSON.stringify(item)}\n`).join("")));
      },
      report: ({ phase }) => {
        if (phase === "carrying-out") decided.resolve();
      },
    },
    refuseSkipped,
  );
  const isLong = decided.promise.then(() => sleep(waitMs, "under-way" as const, { signal: waiting.signal }));
  // Whoever carries it on after a failure is told of it in the log; here nobody listens any more.
  isLong.catch(() => undefined);
  try {
    return await Promise.race([running.then(() => "carried-out" as const), isLong]);
  } finally {
    waiting.abort();
    running.catch(() => undefined);
  }
}

async function refuseSkipped({ skipped }: LargeApplied): Promise<void> {
  if (skipped === 0) return;
  throw new ConflictError(
    `${skipped} parts could not be carried out because of what somebody else changed meanwhile; the control plane's log says which: save again`,
  );
}
