import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, readWord } from "../read-kernel-file.ts";

/** The machine's clock, its zone, and what the clock counts with. `now` is in milliseconds since 1970. */
export function createTimeCollector({ sysRoot, root }: CollectorPlaces, now: () => number): Collector {
  const zone = readZone(root);

  function collect() {
    const nowMs = now();
    const offsetSeconds = -new Date(nowMs).getTimezoneOffset() * 60;
    const families = new Families();
    families.gauge("node_time_seconds", "The machine's time, in seconds since 1970.", nowMs / 1000);
    families.gauge("node_time_zone_offset_seconds", "How far the machine's zone is ahead of UTC.", offsetSeconds, {
      time_zone: zoneName(zone, offsetSeconds),
    });
    const folder = `${sysRoot}/devices/system/clocksource`;
    for (const name of listNames(folder) ?? []) {
      const device = /^clocksource(\d+)$/.exec(name)?.[1];
      if (device === undefined) continue;
      for (const clocksource of (readWord(`${folder}/${name}/available_clocksource`) ?? "").split(" ")) {
        const help = "What the clock could count with.";
        families.gauge("node_time_clocksource_available_info", help, 1, { device, clocksource });
      }
      const clocksource = readWord(`${folder}/${name}/current_clocksource`) ?? "";
      families.gauge("node_time_clocksource_current_info", "What the clock counts with.", 1, { device, clocksource });
    }
    return families.list();
  }
  return { name: "time", isDefault: true, collect };
}

/** The rule at the end of a zone's file, as POSIX' TZ: `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 8536 §3.3). Intl would cost megabytes. */
function readZone(root: string): string {
  const zone = process.env.TZ?.replace(/^:/, "");
  const path = zone ? join(root, "/usr/share/zoneinfo", join("/", zone)) : join(root, "/etc/localtime");
  try {
    return readFileSync(path, "latin1").split("\n").at(-2) ?? "";
  } catch {
    return "";
  }
}

/** The name the rule has for this offset from UTC. Pure. */
export function zoneName(rule: string, offsetSeconds: number): string {
  const name = "(?:<([^>]+)>|([A-Za-z]+))";
  const [, quoted, standard, sign, hours, minutes, quotedSummer, summer] =
    new RegExp(`^${name}([+-]?)(\\d+)(?::(\\d+))?[:\\d]*(?:${name})?`).exec(rule) ?? [];
  const first = quoted ?? standard;
  if (first === undefined) return offsetSeconds === 0 ? "UTC" : "";
  // POSIX counts west of Greenwich.
  const west = (Number(hours) * 60 + Number(minutes ?? 0)) * 60 * (sign === "-" ? -1 : 1);
  return -west === offsetSeconds ? first : (quotedSummer ?? summer ?? first);
}
