// Availability beside nagios4's avail.cgi: the same ten days of states, downtimes and an outage, in its log and archives and in our database.
import assert from "node:assert/strict";
import test from "node:test";
import { AvailabilityAnswer, type ObjectAvailability } from "@mycloud/protocol/availability";
import type { StateChange } from "@mycloud/protocol/state-change";
import { startTestApp, type TestApp } from "../../control-plane/src/testing/index.ts";
import { AVAILABILITY_PROGRAM, type NagiosLogLine, writeNagiosPast } from "../peers/nagios-availability.ts";
import { define, type NagiosObject } from "../peers/nagios-config.ts";
import { requirePeer } from "../peers/peer.ts";
import { temporaryDirectory } from "../support/index.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const days = 10;
/** A midnight, far enough back that all of it is past for nagios, too. */
const startMs = (Math.floor(Date.now() / dayMs) - days - 2) * dayMs;
const at = (day: number, hours: number, seconds = 0) => startMs + day * dayMs + hours * hourMs + seconds * 1000;
const outage = { fromMs: at(6, 5), untilMs: at(6, 8, 7) };

/** Hosts that go down now and then, and hosts that do not. */
const troubled = ["h1", "h2"];
const steady = ["w1", "w2"];
const objects: readonly NagiosObject[] = [...troubled, ...steady].flatMap((host, index): NagiosObject[] => [
  { kind: "host", name: host, maxCheckAttempts: 1 + 2 * (index % 2) },
  ...["s1", "s2", "s3"].map(
    (name, more): NagiosObject => ({ kind: "service", name, host, maxCheckAttempts: 1 + more }),
  ),
]);
/** What nagios' reports of HARD states get wrong: see the test about it. */
const isOnTroubled = (name: string) => name.includes("/") && troubled.some((host) => name.startsWith(`${host}/`));
const stateNames = { host: ["UP", "DOWN"], service: ["OK", "WARNING", "CRITICAL", "UNKNOWN"] } as const;
const workdays = ["monday", "tuesday", "wednesday", "thursday", "friday"];
const officeHours = "08:00-18:00";

/** Numbers from 0 up to 1, the same in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

interface PlannedDowntime {
  readonly host: string;
  readonly service: string | null;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly cancelledAtMs?: number;
}
// Over problems and over fine time, of a host with its services, overlapping, cancelled.
const downtimes: readonly PlannedDowntime[] = [
  { host: "w1", service: null, fromMs: at(2, 6), untilMs: at(2, 18) },
  { host: "w1", service: "s2", fromMs: at(2, 15), untilMs: at(3, 3, 11) },
  { host: "w2", service: "s1", fromMs: at(4, 0), untilMs: at(5, 0) },
  { host: "h1", service: null, fromMs: at(4, 12), untilMs: at(5, 12) },
  { host: "w2", service: "s3", fromMs: at(7, 2), untilMs: at(7, 20), cancelledAtMs: at(7, 9, 5) },
  { host: "w2", service: null, fromMs: at(8, 20), untilMs: at(9, 4) },
];

test("availability agrees with nagios4's avail.cgi", async (t) => {
  if (!requirePeer(t, AVAILABILITY_PROGRAM, "nagios4-cgi")) return;
  let nowMs = startMs;
  const app = await startTestApp({ now: () => nowMs });
  t.after(() => app.stop());
  await liveThroughIt(app, (atMs) => {
    nowMs = atMs;
  });
  const changes = await readChanges(app);
  assert.ok(changes.length > 300 && changes.some((change) => change.stateType === "SOFT"));
  const nagios = await writeNagiosPast(
    await temporaryDirectory("nagios"),
    objects,
    define("timeperiod", {
      timeperiod_name: "office",
      alias: "office",
      ...Object.fromEntries(workdays.map((day) => [day, officeHours])),
    }),
    [...changes.map(alertOf), ...downtimes.flatMap(downtimeLines), ...outageLines].sort((a, b) => a.atMs - b.atMs),
    (atMs) => currentStates(changes, atMs),
    nowMs,
  );

  /** Each object's seconds by state, in downtime and not, as both say. */
  async function compare(
    fromMs: number,
    untilMs: number,
    { ours = {}, theirs = {} }: { ours?: Record<string, string>; theirs?: Record<string, string> } = {},
  ): Promise<{ name: string; our: Shares; their: Shares }[]> {
    const query = new URLSearchParams({ fromMs: String(fromMs), untilMs: String(untilMs), ...ours });
    const { status, body, text } = await app.call("GET", `/api/v1/availability?${query}`);
    assert.equal(status, 200, text);
    const { data } = AvailabilityAnswer.parse(body);
    const common = {
      t1: String(fromMs / 1000),
      t2: String(untilMs / 1000),
      timeperiod: "custom",
      csvoutput: "",
      assumeinitialstates: "yes",
      assumestateretention: "yes",
      assumestatesduringnotrunning: "no",
      includesoftstates: "no",
      backtrack: "2",
      ...theirs,
    };
    const rows = [
      ...(await nagios.report({ ...common, host: "all" })),
      ...(await nagios.report({ ...common, service: "all" })),
    ];
    const byName = new Map(
      rows.map((row) => [nameOf(row.HOST_NAME, row.SERVICE_DESCRIPTION ?? null), theirShares(row)]),
    );
    assert.equal(byName.size, objects.length);
    return data.map((object) => {
      const name = nameOf(object.hostName, object.serviceName);
      return { name, our: ourShares(object), their: byName.get(name) ?? assert.fail(name) };
    });
  }
  const soft = { ours: { soft: "true" }, theirs: { includesoftstates: "yes" } };
  const random = seededRandom(7);
  const ranges: [number, number][] = [[at(1, 0), at(10, 0)]];
  for (let count = 0; count < 8; count++) {
    const fromMs = at(1, 0, Math.floor(random() * 5 * 86_400));
    ranges.push([fromMs, fromMs + 1000 * Math.floor(1 + random() * 4 * 86_400)]);
  }

  await t.test("with SOFT states, to the second, in downtime and not", async () => {
    for (const [fromMs, untilMs] of ranges) {
      for (const { name, our, their } of await compare(fromMs, untilMs, soft)) assert.deepEqual(our, their, name);
    }
  });

  // Of downtime nagios then says less, or that it was in a state of before: it finds its way by entries that are left out.
  await t.test("of HARD states alone, to the second", async () => {
    for (const [fromMs, untilMs] of ranges) {
      for (const { name, our, their } of await compare(fromMs, untilMs)) {
        if (!isOnTroubled(name)) assert.deepEqual(totals(our), totals(their), name);
      }
    }
  });

  await t.test("in office hours; nagios counts downtime outside of them, too", async () => {
    const office = { ours: { period: "office" }, theirs: { rpttimeperiod: "office" } };
    let later = 0;
    for (const { name, our, their } of await compare(at(1, 0), at(10, 0), office)) {
      if (isOnTroubled(name)) continue;
      assert.deepEqual(totals(our), totals(their), name);
      assert.ok(inDowntime(our) <= inDowntime(their), name);
      later += inDowntime(their) - inDowntime(our);
    }
    assert.ok(later > 0);
  });

  // A service that breaks while its host is down is HARD at once, and its recovery is logged as SOFT: a report of HARD states alone does not see it.
  await t.test("nagios leaves services broken that recovered while their host was down", async () => {
    let missed = 0;
    for (const { name, our, their } of await compare(at(1, 0), at(10, 0))) {
      if (!isOnTroubled(name)) continue;
      assert.equal(total(our), total(their), name);
      const difference = (our.OK?.[0] ?? 0) - (their.OK?.[0] ?? 0);
      assert.ok(difference >= 0, name);
      missed += difference;
    }
    assert.ok(missed > 0);
  });

  await t.test("what nagios assumes of an outage, we do not", async () => {
    const theirs = { assumestatesduringnotrunning: "yes" };
    let assumed = 0;
    for (const { name, our, their } of await compare(outage.fromMs, outage.untilMs, { theirs })) {
      assert.deepEqual(our, { BLIND: [(outage.untilMs - outage.fromMs) / 1000, 0] }, name);
      assert.equal(their.BLIND, undefined, name);
      assumed += total(their);
    }
    assert.equal(assumed, (objects.length * (outage.untilMs - outage.fromMs)) / 1000);
  });

  await t.test("what was not checked yet is fine to nagios and unknown to us", async () => {
    const pending = { UP: 0, OK: 0 };
    for (const { name, our, their } of await compare(at(0, 0), at(1, 0))) {
      const fine = name.includes("/") ? "OK" : "UP";
      const blind = our.BLIND?.[0] ?? 0;
      pending[fine] += blind;
      assert.equal((our[fine]?.[0] ?? 0) + blind, their[fine]?.[0] ?? 0, name);
    }
    assert.ok(pending.UP > 0 && pending.OK > 0);
  });
});

/** Seconds by state: all, and in downtime. */
type Shares = Partial<Record<string, [number, number]>>;

const totals = (shares: Shares) =>
  Object.fromEntries(Object.entries(shares).map(([state, share]) => [state, share?.[0]]));
const inDowntime = (shares: Shares) => Object.values(shares).reduce((sum, share) => sum + (share?.[1] ?? 0), 0);
const total = (shares: Shares) => Object.values(shares).reduce((sum, share) => sum + (share?.[0] ?? 0), 0);
const nameOf = (host = "", service: string | null) => (service === null ? host : `${host}/${service}`);

function ourShares({ states }: ObjectAvailability): Shares {
  const shares: Shares = {};
  for (const [state, share] of Object.entries(states)) {
    const isBlind = ["PENDING", "STALE", "OUTAGE"].includes(state);
    const [all, inDowntime] = shares.BLIND ?? [0, 0];
    // Nagios knows no downtime in time of which it knows nothing.
    if (isBlind) shares.BLIND = [all + share.durationMs / 1000, inDowntime];
    else shares[state] = [share.durationMs / 1000, share.inDowntimeMs / 1000];
  }
  return shares;
}

function theirShares(row: Readonly<Record<string, string>>): Shares {
  const shares: Shares = {};
  for (const state of [...stateNames.host, ...stateNames.service, "UNREACHABLE"]) {
    const all = Number(row[`TOTAL_TIME_${state}`] ?? 0);
    if (all > 0) shares[state] = [all, Number(row[`TIME_${state}_SCHEDULED`])];
  }
  const blind = Number(row.TOTAL_TIME_UNDETERMINED);
  if (blind > 0) shares.BLIND = [blind, 0];
  return shares;
}

/** Ten days of results, reported in the order in which they were measured. */
async function liveThroughIt(app: TestApp, moveTo: (atMs: number) => void): Promise<void> {
  const send = async (method: string, path: string, body: unknown) => {
    const answer = await app.call(method, path, { body });
    assert.ok(answer.status < 300, answer.text);
    return answer.body;
  };
  for (const name of [...troubled, ...steady]) {
    const { maxCheckAttempts } = objects.find((object) => object.name === name) ?? assert.fail();
    const host = await send("POST", "/api/v1/hosts", { name, maxCheckAttempts });
    for (const service of objects.filter((object) => object.host === name)) {
      const { name, maxCheckAttempts } = service;
      await send("POST", "/api/v1/services", { hostId: host.id, name, maxCheckAttempts });
    }
  }
  await send("POST", "/api/v1/time-periods", {
    name: "office",
    timeZone: "UTC",
    weekly: Object.fromEntries(workdays.map((day) => [day, [officeHours]])),
  });
  const random = seededRandom(42);
  const results = objects
    .flatMap((object) => resultsOf(object, random))
    .filter(({ checkedAtMs }) => checkedAtMs < outage.fromMs || checkedAtMs >= outage.untilMs)
    .sort((a, b) => a.checkedAtMs - b.checkedAtMs);
  let reported = 0;
  const reportUntil = async (atMs: number) => {
    moveTo(atMs);
    const end = results.findIndex(({ checkedAtMs }) => checkedAtMs >= atMs);
    const due = results.slice(reported, end === -1 ? results.length : end);
    reported += due.length;
    if (due.length === 0) return;
    const { rejected, clockSkewed } = await send("POST", "/api/v1/check-results", due);
    assert.deepEqual([rejected, clockSkewed], [[], 0]);
  };
  for (const { host, service, fromMs, untilMs, cancelledAtMs } of downtimes) {
    await reportUntil(fromMs - hourMs);
    const selector = { hosts: [host], ...(service === null ? {} : { services: [service] }) };
    const planned = { selector, startAtMs: fromMs, endAtMs: untilMs, comment: "planned" };
    const { id } = await send("POST", "/api/v1/downtimes", planned);
    if (cancelledAtMs === undefined) continue;
    await reportUntil(cancelledAtMs);
    await send("POST", `/api/v1/downtimes/${id}/cancel`, {});
  }
  await reportUntil(at(days, 0));
  const { core } = app.app;
  assert.ok(core);
  // Leaping through ten days looks to the control plane as if nobody had watched: it is told that it watched until now, and what it noted is forgotten.
  const { db } = core.database;
  await db
    .updateTable("setting")
    .set({ value: String(at(days, 0)) })
    .where("name", "=", "heartbeat_at_ms")
    .execute();
  await db.deleteFrom("watch_outage").execute();
  const { fromMs: from_at_ms, untilMs: until_at_ms } = outage;
  await db.insertInto("watch_outage").values({ from_at_ms, until_at_ms }).execute();
}

/** About ten hours of one state, then another, told every now and then; always whole seconds, for nagios knows no others. */
function resultsOf({ kind, host, name }: NagiosObject, random: () => number) {
  const results: { host: string; service?: string; returnCode: number; checkedAtMs: number }[] = [];
  let checkedAtMs = at(0, 1, Math.floor(random() * 3600));
  let returnCode = 0;
  while (checkedAtMs < at(days, 0)) {
    results.push({ host: host ?? name, ...(kind === "host" ? {} : { service: name }), returnCode, checkedAtMs });
    checkedAtMs += 1000 * Math.floor(60 + random() * random() * 4 * 3600);
    if (kind === "host" && steady.includes(name)) continue;
    if (random() < 0.4) returnCode = random() < 0.5 ? 0 : Math.floor(random() * (kind === "host" ? 2 : 4));
  }
  return results;
}

async function readChanges(app: TestApp): Promise<StateChange[]> {
  const changes: StateChange[] = [];
  for (let page = 1; ; page++) {
    const { body } = await app.call("GET", `/api/v1/state-changes?perPage=1000&page=${page}&sort=id&order=ASC`);
    changes.push(...body.data);
    if (changes.length >= body.total) return changes.filter(({ kind }) => kind === "state");
  }
}

const subjectOf = ({ hostName, serviceName }: StateChange) =>
  serviceName === null ? hostName : `${hostName};${serviceName}`;
const kindOf = ({ serviceName }: Pick<StateChange, "serviceName">) => (serviceName === null ? "HOST" : "SERVICE");

function alertOf(change: StateChange): NagiosLogLine {
  const { toState, stateType, attempt, atMs } = change;
  return { atMs, text: `${kindOf(change)} ALERT: ${subjectOf(change)};${toState};${stateType};${attempt};output` };
}

function downtimeLines({ host, service, fromMs, untilMs, cancelledAtMs }: PlannedDowntime): NagiosLogLine[] {
  const head = `${service === null ? `HOST DOWNTIME ALERT: ${host}` : `SERVICE DOWNTIME ALERT: ${host};${service}`}`;
  return [
    { atMs: fromMs, text: `${head};STARTED; It has entered a period of scheduled downtime` },
    cancelledAtMs === undefined
      ? { atMs: untilMs, text: `${head};STOPPED; It has exited from a period of scheduled downtime` }
      : { atMs: cancelledAtMs, text: `${head};CANCELLED; Scheduled downtime has been cancelled.` },
  ];
}

const outageLines: readonly NagiosLogLine[] = [
  { atMs: outage.fromMs, text: "Caught SIGTERM, shutting down..." },
  { atMs: outage.fromMs, text: "Successfully shutdown... (PID=100)" },
  { atMs: outage.untilMs, text: "Nagios 4.4.6 starting... (PID=200)" },
];

/** As nagios notes them at midnight: what it has never checked is OK to it. */
function currentStates(changes: readonly StateChange[], atMs: number): string[] {
  const latest = new Map(changes.filter((change) => change.atMs < atMs).map((change) => [subjectOf(change), change]));
  return objects.map(({ kind, host, name }) => {
    const subject = host === undefined ? name : `${host};${name}`;
    const { toState, stateType, attempt } = latest.get(subject) ?? {
      toState: stateNames[kind][0],
      stateType: "HARD",
      attempt: 1,
    };
    return `CURRENT ${kind.toUpperCase()} STATE: ${subject};${toState};${stateType};${attempt};output`;
  });
}
