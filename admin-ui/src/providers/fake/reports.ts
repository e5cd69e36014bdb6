import type { AvailabilityAnswer, AvailabilityFigures } from "@mycloud/protocol/availability";
import type { Host } from "@mycloud/protocol/host";
import type { Service } from "@mycloud/protocol/service";
import type { TimelineAnswer, TimelineEntry } from "@mycloud/protocol/timeline";
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

/** The newest of them that lie in the range and are of the kinds asked for; counted in parts when asked with `bins`. */
export function fakeTimelineAnswer(
  objects: readonly (Host | Service)[],
  query: Readonly<Record<string, string | number | undefined>>,
): TimelineAnswer {
  const [fromMs, untilMs, bins] = [Number(query.fromMs), Number(query.untilMs), Number(query.bins ?? 0)];
  const kinds = String(query.kind ?? "");
  const found = fakeTimeline(objects).filter(
    ({ atMs, kind }) => atMs >= fromMs && atMs < untilMs && (kinds === "" || kinds.split(",").includes(kind)),
  );
  const data = found.slice(0, Number(query.limit ?? 100));
  if (bins === 0) return { data, nextCursor: null };
  const lanes = Array.from(
    Map.groupBy(found, ({ kind }) => kind),
    ([kind, entries]) => {
      const counts = new Array<number>(bins).fill(0);
      for (const { atMs } of entries) {
        const bin = Math.floor(((atMs - fromMs) / (untilMs - fromMs)) * bins);
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return { kind, severity: kind === "state" ? ("warning" as const) : null, counts };
    },
  );
  return { data, nextCursor: null, density: { fromMs, untilMs, bins, lanes, countedFromMs: null } };
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
