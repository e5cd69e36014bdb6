import { keepaliveIntervalOf } from "../../freshness/overdue-after.ts";
import type { ViewedObject } from "../../status-view/index.ts";

/** Whether an agent checks it: by a check, or a host by its keepalives. Pure. */
export function isActivelyChecked(object: ViewedObject): boolean {
  if (!object.settings.isActiveCheckEnabled) return false;
  if (object.check !== null) return object.check.isEnabled && object.check.settings.isActiveCheckEnabled;
  return object.kind === "host" && object.hasAgent;
}

/** A host's own period goes before that of its host check; a service's settings are its check's. */
export function checkPeriodOf({ settings, check }: ViewedObject): string | null {
  return settings.checkPeriod ?? check?.settings.checkPeriod ?? null;
}

/** Who found the last result: 0 an agent or ourselves, or nobody yet, 1 somebody outside. Pure. */
export function checkTypeOf(object: ViewedObject): number {
  return object.state.hasBeenChecked && object.state.isPassive ? 1 : 0;
}

/** What is run, its arguments after `!`. Pure. */
export function checkCommandOf(object: ViewedObject): string {
  if (object.check === null) return object.kind === "service" ? "passive" : object.hasAgent ? "keepalive" : "";
  return [object.check.command, ...object.check.arguments].join("!");
}

/** Seconds between checks, or results that are waited for; 0 where none are. Pure. */
export function checkIntervalSeconds(object: ViewedObject): number {
  if (object.check !== null) return object.check.checkIntervalSeconds;
  const { freshnessSeconds } = object;
  return object.kind === "host" && object.hasAgent ? keepaliveIntervalOf(freshnessSeconds) : (freshnessSeconds ?? 0);
}

/** Seconds between checks while SOFT. Pure. */
export function retryIntervalSeconds(object: ViewedObject): number {
  return object.check?.retryIntervalSeconds ?? checkIntervalSeconds(object);
}
