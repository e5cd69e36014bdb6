import type { Dialect } from "../database/dialect/dialect.ts";
import type { AnnounceOperation } from "../notification/announce-operations.ts";
import { type DueDowntime, findStillBad, findSubject } from "./clock-store.ts";
import type { AnnounceDowntime, DowntimeEvent } from "./downtime-clock.ts";

const types = {
  start: "DOWNTIMESTART",
  end: "DOWNTIMEEND",
  cancelled: "DOWNTIMECANCELLED",
  reminder: "CUSTOM",
} as const satisfies Record<DowntimeEvent, string>;

const namesTold = 5;

/**
 * Makes what tells of downtimes: whoever planned one, and the contacts of rules with the state DOWNTIME. A downtime of many objects is one message, about the
 * first host it covers. A reminder is told only when something covered is still bad.
 */
export function createAnnounceDowntime(dialect: Dialect, announce: AnnounceOperation): AnnounceDowntime {
  return async (tx, event, downtime, nowMs) => {
    const object = await findSubject(tx, dialect, downtime);
    if (object === null) return;
    const bad = event === "start" ? null : await findStillBad(tx, dialect, downtime, namesTold);
    if (event === "reminder" && bad?.count === 0) return;
    const remark = [sayDowntime(event, downtime), ...(bad === null ? [] : [sayBad(bad)])].join("; ");
    await announce(tx, { type: types[event], ...object, remark, userId: downtime.userId, rules: "DOWNTIME" }, nowMs);
  };
}

function sayDowntime(event: DowntimeEvent, { id, endAtMs, isFixed, authorName, comment }: DueDowntime): string {
  const end = `${new Date(endAtMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const until = {
    start: isFixed ? ` until ${end}` : "",
    end: "",
    cancelled: "",
    reminder: ` ends at ${end}`,
  }[event];
  return `downtime ${id}${until} (${authorName}: ${comment})`;
}

function sayBad({ names, count }: { readonly names: readonly string[]; readonly count: number }): string {
  if (count === 0) return "nothing it covers is bad";
  const more = count > names.length ? ` and ${count - names.length} more` : "";
  return `still bad: ${names.join(", ")}${more}`;
}
