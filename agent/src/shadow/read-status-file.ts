import { type ObservedState, stateOf } from "./observed-state.ts";

const blockForm = /^\s*(hoststatus|servicestatus) \{\s*$/;

/** Reads the hosts and services of a Nagios status.dat; other blocks and lines are left alone. Pure. */
export function readStatusFile(text: string): ObservedState[] {
  const states: ObservedState[] = [];
  let kind: string | null = null;
  let fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const opened = blockForm.exec(line)?.[1];
    if (opened !== undefined) {
      kind = opened;
      fields = new Map();
    } else if (kind !== null && line.trim() === "}") {
      states.push(stateFrom(fields, kind === "hoststatus"));
      kind = null;
    } else if (kind !== null) {
      const at = line.indexOf("=");
      if (at > 0) fields.set(line.slice(0, at).trim(), line.slice(at + 1));
    }
  }
  return states;
}

function stateFrom(fields: ReadonlyMap<string, string>, isHost: boolean): ObservedState {
  const number = (name: string) => Number(fields.get(name) ?? 0);
  const hasBeenChecked = number("has_been_checked") === 1;
  return {
    host: fields.get("host_name") ?? "",
    service: isHost ? null : (fields.get("service_description") ?? ""),
    state: stateOf(isHost, number("current_state"), hasBeenChecked),
    stateType: number("state_type") === 0 && hasBeenChecked ? "SOFT" : "HARD",
    isAcknowledged: number("problem_has_been_acknowledged") === 1,
    isInDowntime: number("scheduled_downtime_depth") > 0,
    isFlapping: number("is_flapping") === 1,
  };
}
