import assert from "node:assert/strict";
import test from "node:test";
import {
  acceptResult,
  type CheckPolicy,
  type MonitoredState,
  PENDING_STATE,
  type StateEvent,
} from "@mycloud/checks/state";
import { seededRandom } from "../numbered-results/random.ts";
import { NAGIOS_PROGRAM, startNagios } from "../peers/nagios.ts";
import type { NagiosObject } from "../peers/nagios-config.ts";
import type { NagiosAlert, NagiosStatus } from "../peers/nagios-files.ts";
import { requirePeer } from "../peers/peer.ts";

interface Watched extends NagiosObject {
  readonly flapping: { readonly isEnabled: boolean; readonly lowPercent: number; readonly highPercent: number };
}

interface Submitted {
  readonly object: Watched;
  readonly returnCode: number;
}

function watch(random: () => number, kind: "host" | "service", name: string, host?: string): Watched {
  const lowPercent = 1 + Math.floor(random() * 30);
  const highPercent = lowPercent + Math.floor(random() * 30);
  return {
    kind,
    name,
    ...(host === undefined ? {} : { host }),
    maxCheckAttempts: 1 + Math.floor(random() * 5),
    flapping: { isEnabled: random() < 0.7, lowPercent, highPercent },
  };
}

/**
 * `rounds` results for every object. Each object has its own restlessness, some never quiet and some hardly ever
 * changing, and changes it once in a while, so that flapping both starts and stops.
 */
function* generateResults(random: () => number, objects: readonly Watched[], rounds: number): Generator<Submitted> {
  const lively = objects.map(() => ({ restlessness: random(), last: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, object] of objects.entries()) {
      const one = lively[index]!;
      if (random() < 0.03) one.restlessness = random() ** 2;
      if (random() < one.restlessness) one.last = random() < 0.5 ? 0 : pickCode(random, object.kind);
      yield { object, returnCode: one.last };
    }
  }
}

function pickCode(random: () => number, kind: "host" | "service"): number {
  const codes = kind === "host" ? [0, 1, 2] : [0, 1, 2, 3, 2, 3, 9, -1];
  return codes[Math.floor(random() * codes.length)]!;
}

function nameOf({ host, service }: { host: string; service: string | null }): string {
  return service === null ? host : `${host};${service}`;
}

function keyOf(object: Watched): string {
  return object.kind === "host" ? object.name : `${object.host};${object.name}`;
}

function commandOf({ object, returnCode }: Submitted): string {
  const output = "| measured=1";
  return object.kind === "host"
    ? `PROCESS_HOST_CHECK_RESULT;${object.name};${returnCode};${output}`
    : `PROCESS_SERVICE_CHECK_RESULT;${object.host};${object.name};${returnCode};${output}`;
}

function alertLine(kind: string, state: string, stateType: string, attempt: number): string {
  return kind === "state" ? `${state} ${stateType} ${attempt}` : kind;
}

interface Judgement {
  /** Per host or `host;service`: its alerts in order. */
  alerts: Map<string, string[]>;
  /** Per host or `host;service`: where it ended. */
  final: Map<string, string>;
}

function judgeByNagios(alerts: readonly NagiosAlert[], status: readonly NagiosStatus[]): Judgement {
  const byName = Map.groupBy(alerts, nameOf);
  const lines = Array.from(byName, ([name, list]): [string, string[]] => [
    name,
    list.map((alert) => alertLine(alert.kind, alert.state, alert.stateType, alert.attempt)),
  ]);
  const final = status.map((one): [string, string] => {
    const { current_state, state_type, current_attempt, percent_state_change, is_flapping } = one.fields;
    return [nameOf(one), [current_state, state_type, current_attempt, percent_state_change, is_flapping].join(" ")];
  });
  return { alerts: new Map(lines), final: new Map(final) };
}

function judgeByUs(results: readonly Submitted[], more: Partial<CheckPolicy>): Judgement {
  const states = new Map<string, MonitoredState>();
  const alerts = new Map<string, string[]>();
  for (const { object, returnCode } of results) {
    const key = keyOf(object);
    const isUp = (name: string) => (states.get(name) ?? PENDING_STATE).state === 0;
    const parents = object.parents ?? [];
    const isReachable = parents.length === 0 || parents.some(isUp);
    const result = { returnCode, checkedAtMs: 0, isPassive: true, isHostUp: isUp(object.host ?? ""), isReachable };
    const outcome = acceptResult(object.kind, states.get(key) ?? PENDING_STATE, result, { ...object, ...more });
    states.set(key, outcome.state);
    const lines = outcome.events.map(({ kind, toState, isHard, attempt }: StateEvent) =>
      alertLine(kind, toState, isHard ? "HARD" : "SOFT", attempt),
    );
    if (lines.length > 0) alerts.set(key, [...(alerts.get(key) ?? []), ...lines]);
  }
  const final = Array.from(states, ([key, state]): [string, string] => {
    // nagios prints this percentage with two digits.
    const percent = state.percentStateChange.toFixed(2);
    return [key, [state.state, Number(state.isHard), state.attempt, percent, Number(state.isFlapping)].join(" ")];
  });
  return { alerts, final: new Map(final) };
}

/** Feeds the same results to both and asserts that they agree on every object, naming the first one they do not agree on. */
async function assertSameJudgement(
  results: readonly Submitted[],
  objects: readonly Watched[],
  isSoft: boolean,
  unfed: readonly Watched[] = [],
): Promise<void> {
  // Only hosts with parents make a difference; nagios then judges passive results as it judges active ones.
  const settings = { passive_host_checks_are_soft: Number(isSoft), translate_passive_host_checks: 1 };
  const nagios = await startNagios([...unfed, ...objects], settings);
  try {
    await nagios.submit(results.map(commandOf));
    const { alerts, status } = await nagios.settle();
    const theirs = judgeByNagios(alerts, status);
    const ours = judgeByUs(results, { passiveHostChecksAreSoft: isSoft });
    for (const object of objects) {
      const key = keyOf(object);
      const codes = results.filter((result) => keyOf(result.object) === key).map((result) => result.returnCode);
      const about = `${key} max_check_attempts ${object.maxCheckAttempts} ${JSON.stringify(object.flapping)} results ${codes.join(" ")}`;
      const [mine, peers] = isFlappingCompared(object, objects)
        ? [ours, theirs]
        : [withoutFlapping(ours), withoutFlapping(theirs)];
      assert.deepEqual(mine.alerts.get(key), peers.alerts.get(key), `alerts of ${about}`);
      assert.equal(mine.final.get(key), peers.final.get(key), `final state of ${about}`);
    }
    assertTestedMuch([...theirs.alerts.values()].flat(), [
      / HARD /,
      /^(OK|UP) HARD/,
      /^flapping-start$/,
      /^flapping-stop$/,
    ]);
  } finally {
    await nagios.stop();
  }
}

/**
 * The one known difference. nagios4 adds a host's present state to its flapping history whenever one of its services
 * reports: it means to wait for the services' average check interval, but nothing in it ever sums that up, so it waits
 * for 0 seconds. How much a host flaps then depends on how many services it has. Ours counts the host's own results.
 */
function isFlappingCompared(object: Watched, objects: readonly Watched[]): boolean {
  return object.kind === "service" || !objects.some((other) => other.host === object.name);
}

function withoutFlapping({ alerts, final }: Judgement): Judgement {
  const kept = Array.from(alerts, ([key, lines]): [string, string[]] => [
    key,
    lines.filter((line) => !line.startsWith("flapping")),
  ]);
  const states = Array.from(final, ([key, line]): [string, string] => [key, line.split(" ").slice(0, 3).join(" ")]);
  return { alerts: new Map(kept), final: new Map(states) };
}

/** Guards against a comparison of nothing with nothing. */
function assertTestedMuch(lines: readonly string[], wanted: readonly RegExp[]): void {
  for (const pattern of wanted) {
    const count = lines.filter((line) => pattern.test(line)).length;
    assert.ok(count > 20, `only ${count} alerts like ${pattern}`);
  }
}

test("the sequence of services is nagios4's, result by result", { timeout: 300_000 }, async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const random = seededRandom(2026);
  const host = watch(random, "host", "always-up");
  const services = Array.from({ length: 400 }, (_, index) => watch(random, "service", `service-${index}`, host.name));
  const results = [...generateResults(random, services, 80)];
  await assertSameJudgement(results, services, false, [host]);
});

test("the sequence of hosts is nagios4's, result by result", { timeout: 300_000 }, async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const random = seededRandom(7);
  const hosts = Array.from({ length: 200 }, (_, index) => watch(random, "host", `host-${index}`));
  await assertSameJudgement([...generateResults(random, hosts, 80)], hosts, false);
});

test("the sequence of hosts is nagios4's where passive host checks are soft", { timeout: 300_000 }, async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const random = seededRandom(8);
  const hosts = Array.from({ length: 200 }, (_, index) => watch(random, "host", `host-${index}`));
  await assertSameJudgement([...generateResults(random, hosts, 80)], hosts, true);
});

for (const isSoft of [false, true]) {
  const mode = isSoft ? "soft" : "HARD at once";
  test(`services of hosts that go down and up (${mode}) have nagios4's sequence`, { timeout: 300_000 }, async (t) => {
    if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
    const random = seededRandom(isSoft ? 9 : 10);
    const objects = Array.from({ length: 40 }, (_, index) => {
      const host = watch(random, "host", `host-${index}`);
      return [host, ...Array.from({ length: 6 }, (_, n) => watch(random, "service", `service-${n}`, host.name))];
    }).flat();
    await assertSameJudgement([...generateResults(random, objects, 80)], objects, isSoft);
  });
}

for (const isSoft of [false, true]) {
  const mode = isSoft ? "soft" : "HARD at once";
  test(`hosts behind others are DOWN or UNREACHABLE as nagios4 says (${mode})`, { timeout: 300_000 }, async (t) => {
    if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
    const random = seededRandom(isSoft ? 11 : 12);
    const hosts: Watched[] = [];
    for (let index = 0; index < 120; index++) {
      const count = Math.min(index, Math.floor(random() * 3));
      const parents = new Set(Array.from({ length: count }, () => `host-${Math.floor(random() * index)}`));
      hosts.push({ ...watch(random, "host", `host-${index}`), parents: [...parents] });
    }
    const results = [...generateResults(random, hosts, 80)];
    await assertSameJudgement(results, hosts, isSoft);
    const { alerts } = judgeByUs(results, { passiveHostChecksAreSoft: isSoft });
    assertTestedMuch([...alerts.values()].flat(), [/^UNREACHABLE HARD/, /^DOWN HARD/]);
  });
}
