import type { ConsoleEvent } from "@mycloud/protocol/event";
import type { ChangeBus } from "../../change/index.ts";
import type { WaitTrigger } from "../request/index.ts";

type Type = ConsoleEvent["type"];

/** What the change bus says when a trigger's event has happened. A downtime or comment is told as a change of what it is on. */
const typesOf: Readonly<Record<WaitTrigger, readonly Type[] | null>> = {
  check: ["hosts", "services"],
  state: ["state-changes"],
  log: ["state-changes", "notifications"],
  downtime: ["downtimes", "definitions", "hosts", "services"],
  comment: ["hosts", "services"],
  command: null,
  program: ["definitions"],
  all: null,
};

/** Changes of the kind a trigger names, one after the other. */
export interface ChangeWaiter {
  /** Resolves at once when something happened since the last call; "ended" once the signal was aborted. */
  next(): Promise<"changed" | "ended">;
  stop(): void;
}

/** Listens from now on until `stop`, or until `signal` is aborted. */
export function waitForChange(changes: ChangeBus, trigger: WaitTrigger, signal: AbortSignal): ChangeWaiter {
  const types = typesOf[trigger];
  let hasHappened = false;
  let wake: (() => void) | undefined;
  const onAbort = () => wake?.();
  signal.addEventListener("abort", onAbort);
  const unsubscribe = changes.subscribe((type) => {
    if (types !== null && !types.includes(type)) return;
    hasHappened = true;
    wake?.();
  });
  return {
    async next() {
      if (!hasHappened && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      if (signal.aborted) return "ended";
      hasHappened = false;
      return "changed";
    },
    stop() {
      unsubscribe();
      signal.removeEventListener("abort", onAbort);
    },
  };
}
