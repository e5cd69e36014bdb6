import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../numbered-results/random.ts";
import { NAGIOS_PROGRAM, startNagios } from "../peers/nagios.ts";
import { define, WEEKDAYS } from "../peers/nagios-config.ts";
import { requirePeer } from "../peers/peer.ts";
import { startServer } from "../support/index.ts";

const states = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;
const letters = ["o", "w", "c", "u"] as const;
const serviceCount = 14;
const resultCount = 400;

interface Edge {
  readonly dependent: number;
  readonly master: number;
  readonly criteria: readonly number[];
  readonly isTransitive: boolean;
}

/** Services that depend on some of those before them, in random states, half of them transitively. */
function edgesOf(random: () => number): Edge[] {
  const edges: Edge[] = [];
  for (let dependent = 1; dependent < serviceCount; dependent++) {
    for (const master of new Set([Math.floor(random() * dependent), Math.floor(random() * dependent)])) {
      const criteria = [0, 1, 2, 3].filter((index) => random() < [0.1, 0.4, 0.6, 0.4][index]!);
      if (criteria.length > 0 && random() < 0.8)
        edges.push({ dependent, master, criteria, isTransitive: random() < 0.5 });
    }
  }
  return edges;
}

/**
 * Every result but the first of each service changes its state, so that each of a problem asks the question of a notification anew. All begin OK:
 * nagios 4.4 takes a master that was never checked for an OK one, and its criterion `p` never holds.
 */
function resultsOf(random: () => number): { service: number; code: number }[] {
  const last = new Array<number>(serviceCount).fill(0);
  const first = last.map((code, service) => ({ service, code }));
  const changes = Array.from({ length: resultCount }, () => {
    const service = Math.floor(random() * serviceCount);
    const others = [0, 1, 2, 3].filter((code) => code !== last[service]);
    const code = others[Math.floor(random() * others.length)]!;
    last[service] = code;
    return { service, code };
  });
  return [...first, ...changes];
}

/** Objects whose problems nagios tells of at any time, and the dependencies between them. */
function nagiosObjects(edges: readonly Edge[]): string {
  const all = Object.fromEntries(WEEKDAYS.map((day) => [day, "00:00-24:00"]));
  const shared = { check_command: "never-run", check_period: "any", notification_period: "any", contacts: "told" };
  const passive = {
    ...shared,
    active_checks_enabled: 0,
    max_check_attempts: 1,
    notification_interval: 0,
    flap_detection_enabled: 0,
  };
  return [
    define("timeperiod", { timeperiod_name: "any", alias: "any", ...all }),
    define("contact", {
      contact_name: "told",
      host_notification_period: "any",
      service_notification_period: "any",
      host_notification_options: "d,u,r",
      service_notification_options: "w,u,c,r",
      host_notification_commands: "never-run",
      service_notification_commands: "never-run",
    }),
    define("host", { host_name: "h", address: "192.0.2.1", ...passive }),
    ...Array.from({ length: serviceCount }, (_, index) =>
      define("service", {
        host_name: "h",
        service_description: `s${index}`,
        notification_options: "w,u,c,r",
        ...passive,
      }),
    ),
    ...edges.map(({ dependent, master, criteria, isTransitive }) =>
      define("servicedependency", {
        host_name: "h",
        service_description: `s${master}`,
        dependent_host_name: "h",
        dependent_service_description: `s${dependent}`,
        notification_failure_criteria: criteria.map((index) => letters[index]).join(","),
        inherits_parent: isTransitive ? 1 : 0,
      }),
    ),
  ].join("");
}

/** Per service its problems in order, with whether nagios told of each: it logs the notification before the alert. */
function toldByNagios(log: string): Map<string, string[]> {
  const told = new Map<string, string[]>();
  const pending = new Set<string>();
  for (const line of log.split("\n")) {
    const notification = /SERVICE NOTIFICATION: told;h;(s\d+);/.exec(line)?.[1];
    if (notification !== undefined) pending.add(notification);
    const [, service = "", state = ""] = /SERVICE ALERT: h;(s\d+);(\w+);HARD/.exec(line) ?? [];
    if (service === "") continue;
    if (state !== "OK")
      told.set(service, [...(told.get(service) ?? []), `${state} ${pending.has(service) ? "told" : "held back"}`]);
    pending.delete(service);
  }
  return told;
}

test("what nobody is told of because of a dependency is what nagios4 tells nobody of", {
  timeout: 300_000,
}, async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const random = seededRandom(42);
  const edges = edgesOf(random);
  const results = resultsOf(random);

  const nagios = await startNagios([], { enable_notifications: 1 }, nagiosObjects(edges));
  let theirs: Map<string, string[]>;
  try {
    await nagios.submit(["PROCESS_HOST_CHECK_RESULT;h;0;up"]);
    await nagios.submit(
      results.map(({ service, code }) => `PROCESS_SERVICE_CHECK_RESULT;h;s${service};${code};code ${code}`),
    );
    theirs = toldByNagios((await nagios.settle()).log);
  } finally {
    await nagios.stop();
  }

  const server = await startServer(t);
  const resources = [
    { kind: "Host", name: "h", spec: {} },
    ...Array.from({ length: serviceCount }, (_, index) => ({
      kind: "Service",
      host: "h",
      name: `s${index}`,
      spec: { maxCheckAttempts: 1, freshnessSeconds: null },
    })),
    ...edges.map(({ dependent, master, criteria, isTransitive }, index) => ({
      kind: "Dependency",
      name: `dependency-${index}`,
      spec: {
        dependent: { hosts: ["h"], services: [`s${dependent}`] },
        masters: [{ host: "h", service: `s${master}` }],
        notificationFailureStates: criteria.map((state) => states[state]),
        isTransitive,
      },
    })),
  ];
  const applied = await server.api("POST", "/api/v1/apply", { body: { resources } });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
  const send = async (items: object[]) => {
    const answer = await server.api("POST", "/api/v1/check-results", { body: items });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  };
  await send([{ host: "h", returnCode: 0 }]);
  // One by one, and asked at once: who is told is decided when a request's results are stored, and again when what kept it quiet has passed.
  const ours = new Map<string, string[]>();
  for (const { service, code } of results) {
    await send([{ host: "h", service: `s${service}`, returnCode: code, output: states[code] }]);
    if (code === 0) continue;
    const newest = await server.api("GET", "/api/v1/state-changes?perPage=1&sort=id&order=DESC");
    const [change] = newest.body.data as { serviceName: string; toState: string; notification: { reason: string } }[];
    assert.equal(change?.serviceName, `s${service}`);
    const line = `${change.toState} ${change.notification.reason === "dependency-failed" ? "held back" : "told"}`;
    ours.set(change.serviceName, [...(ours.get(change.serviceName) ?? []), line]);
  }
  const lines = [...theirs.values()].flat();
  for (const word of [/told$/, /held back$/])
    assert.ok(lines.filter((line) => word.test(line)).length > 20, lines.join());
  assert.deepEqual(Object.fromEntries([...ours].sort()), Object.fromEntries([...theirs].sort()));
});
