import assert from "node:assert/strict";
import test from "node:test";
import { createTimePeriods } from "@mycloud/checks/time-period";
import { TimePeriodInput, weekdays } from "@mycloud/protocol/time-period";
import { NAGIOS_PROGRAM, startNagios } from "../peers/nagios.ts";
import { define } from "../peers/nagios-config.ts";
import { requirePeer } from "../peers/peer.ts";

const periodCount = 600;
const months = "january february march april may june july august september october november december".split(" ");

/** Numbers from 0 up to 1 that are the same in every run of a day (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Periods whose exceptions are about days near to today, in the zone that nagios runs in. Left out is what nagios does otherwise: times past midnight, which
 * it does not know; a step in a range that ends before today, whose end it forgets; and ranges over the turn of the year, of which it forgets January.
 */
function periodsAround(now: Date, timeZone: string, random: () => number): TimePeriodInput[] {
  const whole = (count: number) => Math.floor(random() * count);
  const near = (days: number) => new Date(now.getTime() + (whole(2 * days + 1) - days) * 86_400_000);
  const date = (day: Date) => day.toLocaleDateString("sv", { timeZone });
  const pieces = (day: Date) => date(day).split("-").map(Number) as [number, number, number];
  const weekday = () => weekdays[whole(7)];
  const nth = () => [1, 2, 3, 4, 5, -1, -2][whole(7)];
  const forms: (() => string)[] = [
    () => date(near(1)),
    () => {
      const [first, last] = [date(near(3)), date(near(3))].sort();
      return `${first} - ${last}`;
    },
    () => `${date(new Date(now.getTime() - whole(40) * 86_400_000))} / ${1 + whole(5)}`,
    () => {
      const [, month, day] = pieces(near(1));
      return `${months[month - 1]} ${day}`;
    },
    () => {
      const [, month, day] = pieces(now);
      return `${months[month - 1]} ${Math.max(1, day - whole(4))} - ${Math.min(28, day + whole(3))}`;
    },
    () => `day ${pieces(near(2))[2]}`,
    () => `day ${1 + whole(28)} - ${1 + whole(28)}`,
    () => `day 1 - -1 / ${2 + whole(3)}`,
    () => `day -${1 + whole(12)}`,
    () => `${weekday()} ${nth()}`,
    () => `${weekday()} 1 - ${weekday()} ${nth()}`,
    () => `${weekday()} ${nth()} ${months[pieces(now)[1] - 1]}`,
  ];
  const times = (): string[] => {
    const [start, end] = [whole(97), whole(97)].sort((a, b) => a - b) as [number, number];
    const text = (quarters: number) =>
      `${String(Math.floor(quarters / 4)).padStart(2, "0")}:${String((quarters % 4) * 15).padStart(2, "0")}`;
    return start === end ? ["00:00-24:00"] : [`${text(start)}-${text(end)}`];
  };
  return Array.from({ length: periodCount }, (_, index) =>
    TimePeriodInput.parse({
      name: `p${index}`,
      timeZone,
      weekly: Object.fromEntries(weekdays.filter(() => random() < 0.7).map((day) => [day, [...times(), ...times()]])),
      exceptions: onceEach(Array.from({ length: whole(4) }, () => forms[whole(forms.length)]!())).map((days) => ({
        days,
        times: times(),
      })),
      exclude: index > 0 && random() < 0.2 ? [`p${whole(index)}`] : [],
    }),
  );
}

/** Two exceptions of the same days would be one line of nagios'. */
function onceEach(days: readonly string[]): string[] {
  return [...new Set(days)];
}

function nagiosObjects(periods: readonly TimePeriodInput[]): string {
  const all = Object.fromEntries(weekdays.map((day) => [day, "00:00-24:00"]));
  const shared = {
    check_command: "never-run",
    check_period: "any",
    contacts: "told",
    active_checks_enabled: 0,
    max_check_attempts: 1,
  };
  return [
    define("timeperiod", { timeperiod_name: "any", alias: "any", ...all }),
    ...periods.map(({ name, weekly, exceptions, exclude }) =>
      define("timeperiod", {
        timeperiod_name: name,
        alias: name,
        ...Object.fromEntries(Object.entries(weekly).map(([day, times]) => [day, times.join(",")])),
        ...Object.fromEntries(exceptions.map(({ days, times }) => [days, times.join(",")])),
        ...(exclude.length > 0 ? { exclude: exclude.join(",") } : {}),
      }),
    ),
    define("contact", {
      contact_name: "told",
      host_notification_period: "any",
      service_notification_period: "any",
      host_notification_options: "d",
      service_notification_options: "c",
      host_notification_commands: "never-run",
      service_notification_commands: "never-run",
    }),
    define("host", { host_name: "h", address: "192.0.2.1", notification_period: "any", ...shared }),
    ...periods.map(({ name }) =>
      define("service", {
        host_name: "h",
        service_description: name,
        notification_period: name,
        notification_options: "c",
        ...shared,
      }),
    ),
  ].join("");
}

test("nagios4 tells of a problem exactly in the periods that we say it is in", { timeout: 300_000 }, async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const beginMs = Date.now();
  const periods = periodsAround(new Date(beginMs), timeZone, seededRandom(Math.floor(beginMs / 86_400_000)));
  const nagios = await startNagios([], { enable_notifications: 1 }, nagiosObjects(periods));
  let log: string;
  try {
    await nagios.submit(["PROCESS_HOST_CHECK_RESULT;h;0;up"]);
    await nagios.submit(periods.map(({ name }) => `PROCESS_SERVICE_CHECK_RESULT;h;${name};2;broken`));
    ({ log } = await nagios.settle());
  } finally {
    await nagios.stop();
  }
  const endMs = Date.now();
  const told = new Set(Array.from(log.matchAll(/SERVICE NOTIFICATION: told;h;(p\d+);CRITICAL/g), ([, name]) => name));
  const ours = createTimePeriods(periods);
  // A period that begins or ends within these seconds is left out.
  const steady = periods.filter(
    ({ name }) => ours.isInside(name, beginMs - 1000) === ours.isInside(name, endMs + 1000),
  );
  const differing = steady.filter(({ name }) => told.has(name) !== ours.isInside(name, beginMs));
  assert.deepEqual(differing, [], `at ${new Date(beginMs).toISOString()}`);
  // How many are inside depends on the time of day: at midnight few are.
  assert.ok(steady.length > 500 && told.size > 20 && told.size < 580, `${told.size} of ${steady.length} inside`);
});
