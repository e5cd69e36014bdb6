import type { AvailabilityAnswer, AvailabilityFigures } from "@mycloud/protocol/availability";
import type { Host } from "@mycloud/protocol/host";
import type { Service } from "@mycloud/protocol/service";
import type { TimelineEntry } from "@mycloud/protocol/timeline";
import type { Fleet } from "./fleet.ts";

function namesOf(of: Host | Service) {
  return "hostId" in of
    ? { hostId: of.hostId, hostName: of.hostName, serviceId: of.id, serviceName: of.name }
    : { hostId: of.id, hostName: of.name, serviceId: null, serviceName: null };
}

/** The last change of each, and what somebody did an hour before. */
export function fakeTimeline(objects: readonly (Host | Service)[]): TimelineEntry[] {
  return objects
    .flatMap((of): TimelineEntry[] => {
      const names = namesOf(of);
      const atMs = of.lastStateChangeAtMs ?? of.createdAtMs;
      const key = `${names.hostId}-${names.serviceId}`;
      const base = { ...names, detail: of.output, author: null, state: null, stateType: null };
      return [
        {
          ...base,
          key: `state-${key}`,
          kind: "state",
          atMs,
          title: `OK to ${of.state}`,
          state: of.state,
          stateType: "HARD",
        },
        {
          ...base,
          key: `audit-${key}`,
          kind: "definition",
          atMs: atMs - 3_600_000,
          title: "check.update load",
          detail: "",
          author: "Dana Ruiz",
        },
      ];
    })
    .sort((a, b) => b.atMs - a.atMs);
}

/** Everything a share of the range in its present state, and a piece of which nothing is known. */
export function fakeAvailability(fleet: Fleet, fromMs: number, untilMs: number): AvailabilityAnswer {
  const lengthMs = untilMs - fromMs;
  const objects = [...fleet.hosts.slice(0, 10), ...fleet.services.slice(0, 20)];
  const data = objects.map((of) => {
    const fine = "hostId" in of ? "OK" : "UP";
    const staleMs = Math.round(lengthMs / 20);
    const badMs = of.state === fine ? 0 : Math.round(lengthMs / 8);
    const okMs = lengthMs - staleMs - badMs;
    const figures: AvailabilityFigures = {
      states: {
        [fine]: { durationMs: okMs, inDowntimeMs: 0 },
        STALE: { durationMs: staleMs, inDowntimeMs: 0 },
        ...(badMs === 0 ? {} : { [of.state]: { durationMs: badMs, inDowntimeMs: 0 } }),
      },
      countedMs: lengthMs,
      okMs,
      blindMs: staleMs,
      downtimeMs: 0,
      outsidePeriodMs: 0,
      notExistingMs: 0,
      ratios: {
        plain: okMs / lengthMs,
        downtimeAsOk: okMs / lengthMs,
        downtimeExcluded: okMs / lengthMs,
        ofKnown: okMs / (lengthMs - staleMs),
      },
    };
    const stretch = { isInDowntime: false, isCounted: true };
    const stretches = [
      { ...stretch, fromMs, untilMs: fromMs + okMs, state: fine },
      { ...stretch, fromMs: fromMs + okMs, untilMs: fromMs + okMs + staleMs, state: "STALE" },
      ...(badMs === 0 ? [] : [{ ...stretch, fromMs: untilMs - badMs, untilMs, state: of.state }]),
    ] satisfies AvailabilityAnswer["data"][number]["stretches"];
    return { ...namesOf(of), ...figures, stretches, isCut: false };
  });
  return { fromMs, untilMs, period: null, isSoftCounted: false, summaries: [], data, total: data.length };
}
