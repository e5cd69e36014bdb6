import type { SimulationQuestion } from "../../providers/types.ts";

export const hostStates = ["DOWN", "UNREACHABLE", "STALE"] as const;
export const serviceStates = ["CRITICAL", "WARNING", "UNKNOWN", "STALE"] as const;

/** What can be asked of a host or of a service: states it can be in. Pure. */
export function statesOf(service: string | null): readonly string[] {
  return service === null ? hostStates : serviceStates;
}

/** Reads the question from the page's address; null while no host is named. What does not fit is put right. Pure. */
export function questionOf(search: URLSearchParams, nowMs: number): SimulationQuestion | null {
  const host = search.get("host") ?? "";
  if (host === "") return null;
  const service = search.get("service") || null;
  const states = statesOf(service);
  const asked = search.get("state") ?? "";
  const atMs = Number(search.get("at") ?? Number.NaN);
  const hours = Number(search.get("hours") ?? Number.NaN);
  return {
    host,
    service,
    state: states.includes(asked) ? asked : (states[0] ?? "CRITICAL"),
    atMs: search.has("at") && Number.isFinite(atMs) && atMs >= 0 ? atMs : nowMs,
    hours: hours > 0 && hours <= 744 ? hours : 24,
  };
}
