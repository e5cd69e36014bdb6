import type { EventHandlerInput } from "@mycloud/protocol/event-handler";
import { matchesService } from "@mycloud/protocol/selector";
import type { StateChangeRecord } from "../state-change/index.ts";

/** The part of a change that decides whether a handler is set off. */
export type JudgedChange = Pick<StateChangeRecord, "host" | "serviceName" | "kind" | "toState" | "isHard" | "attempt">;

/** Says whether a state change sets a handler off. Pure. */
export function wantsChange(handler: EventHandlerInput, change: JudgedChange): boolean {
  if (!handler.isEnabled || change.kind !== "state") return false;
  if (!handler.states.some((state) => state === change.toState)) return false;
  if (!handler.stateTypes.includes(change.isHard ? "HARD" : "SOFT")) return false;
  const isProblem = change.toState !== "OK" && change.toState !== "UP";
  if (handler.attempt !== null && !change.isHard && isProblem && change.attempt !== handler.attempt) return false;
  return matchesService(handler.selector, change.host, change.serviceName ?? undefined);
}
