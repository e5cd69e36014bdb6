import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { RecipientChange, SimulationAnswer } from "@mycloud/protocol/notification";
import { startTestApp, type TestApp } from "../../testing/index.ts";

const contact = (name: string, spec: object = {}) => ({
  kind: "Contact",
  name,
  spec: { email: `${name}@example.org`, ...spec },
});
const rule = (name: string, spec: object) => ({ kind: "NotificationRule", name, spec });
/** Sunday, 03:00 UTC. */
const night = Date.UTC(2026, 10, 29, 3);

const definitions = [
  { kind: "TimePeriod", name: "office", spec: { weekly: { monday: ["09:00-17:00"] }, timeZone: "Europe/Berlin" } },
  { kind: "Host", name: "db1", spec: { labels: { role: "db" } } },
  { kind: "Host", name: "web1", spec: {} },
  { kind: "Service", name: "disk", host: "db1", spec: { businessImpact: 4 } },
  { kind: "Service", name: "http", host: "web1", spec: {} },
  { kind: "Service", name: "quiet", host: "web1", spec: { isNotificationEnabled: false } },
  contact("anna"),
  contact("bob", { channels: [{ type: "email" }, { type: "webhook", url: "https://u:p@hooks.example.org/bob" }] }),
  contact("boss", { minimumBusinessImpact: 3 }),
  { kind: "ContactGroup", name: "managers", spec: { contacts: ["boss"] } },
  {
    kind: "OnCallSchedule",
    name: "nights",
    spec: { members: ["anna", "bob"], every: "day", time: "04:00", startDate: "2026-11-28" },
  },
  rule("databases", {
    selector: { labels: { role: "db" } },
    onCall: ["nights"],
    firstDelaySeconds: 300,
    repeatIntervalSeconds: 3600,
    escalations: [{ afterSeconds: 5400, contactGroups: ["managers"], repeatIntervalSeconds: 0 }],
  }),
  rule("web", { selector: { hosts: ["web*"] }, contacts: ["bob"], period: "office", groupWaitSeconds: 60 }),
  rule("everything to the administrator", { states: ["DOWN"], contacts: ["anna"] }),
];

/** Who is told when, a line each. */
function lines({ atMs, messages, silences }: SimulationAnswer): string[] {
  const minutes = (at: number) => (at - atMs) / 60_000;
  const events = [
    ...messages.map((one) => ({
      at: one.atMs,
      text: `${one.contactName} #${one.number} by ${one.channels.map(({ type, address }) => `${type} ${address}`).join(", ")} at ${minutes(one.sentAtMs)} (${[one.form, one.ruleName, one.via].filter(Boolean).join(", ")})`,
    })),
    ...silences.map(({ atMs: at, reason }) => ({ at, text: reason })),
  ].sort((a, b) => a.at - b.at);
  return events.map(({ at, text }) => `${minutes(at)}: ${text}`);
}

describe("the simulator", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
    const applied = await app.call("POST", "/api/v1/apply", { body: { resources: definitions } });
    assert.equal(applied.status, 200, applied.text);
  });
  after(() => app.stop());

  const ask = async (query: string) => {
    const answer = await app.call("GET", `/api/v1/notifications/simulate?${query}&atMs=${night}`);
    assert.equal(answer.status, 200, answer.text);
    return lines(answer.body);
  };

  const golden: [string, string, string[]][] = [
    [
      "a delay, turns that change, and an escalation that ends the repeats",
      "host=db1&service=disk&state=CRITICAL",
      [
        "0: first-delay",
        "5: anna #1 by email anna@example.org at 5 (single, databases, on call nights)",
        "65: bob #2 by email bob@example.org, webhook https://hooks.example.org/bob at 65 (single, databases, on call nights)",
        "90: boss #3 by email boss@example.org at 90 (single, databases, escalation 1)",
      ],
    ],
    [
      "a time period in its own zone, and a group that waits",
      "host=web1&service=http&state=UNKNOWN&hours=48",
      [
        "0: outside-period",
        "1740: bob #1 by email bob@example.org, webhook https://hooks.example.org/bob at 1741 (group, web)",
      ],
    ],
    ["a state that no rule names", "host=web1&service=http&state=WARNING", ["0: state-not-in-any-rule"]],
    ["notifications that are switched off", "host=web1&service=quiet&state=CRITICAL", ["0: notifications-disabled"]],
    [
      "a host",
      "host=web1&state=DOWN&hours=1",
      ["0: anna #1 by email anna@example.org at 0 (single, everything to the administrator)"],
    ],
  ];
  for (const [what, query, expected] of golden) {
    test(`answers ${what}`, async () => assert.deepEqual(await ask(query), expected));
  }

  test("what does not exist is said to", async () => {
    for (const query of ["host=no&state=DOWN", "host=web1&service=no&state=CRITICAL"]) {
      assert.equal((await app.call("GET", `/api/v1/notifications/simulate?${query}`)).status, 404);
    }
    assert.equal((await app.call("GET", "/api/v1/notifications/simulate?host=web1&state=BAD")).status, 400);
  });

  test("a proposed change is answered beside the present, and not stored", async () => {
    const body = {
      host: "web1",
      service: "http",
      state: "CRITICAL",
      atMs: night,
      hours: 1,
      resources: [rule("web", { selector: { hosts: ["web*"] }, contacts: ["anna"] })],
    };
    const answer = await app.call("POST", "/api/v1/notifications/simulate", { body });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(
      [lines(answer.body.present), lines(answer.body.proposed)],
      [["0: outside-period"], ["0: anna #1 by email anna@example.org at 0 (single, web)"]],
    );
    assert.deepEqual(await ask("host=web1&service=http&state=CRITICAL&hours=1"), ["0: outside-period"]);
  });

  test("a dry run says who would be told differently, objects with the same difference together", async () => {
    const resources = [rule("databases", { selector: { labels: { role: "db" } }, contacts: ["bob"] })];
    const answer = await app.call("POST", "/api/v1/apply", { body: { resources, dryRun: true } });
    assert.equal(answer.status, 200, answer.text);
    const changes: RecipientChange[] = answer.body.recipientChanges;
    assert.deepEqual(
      changes.map(({ state, objects, objectCount }) => [state, objects, objectCount]),
      [
        ["DOWN", ["db1"], 1],
        ["CRITICAL", ["db1/disk"], 1],
      ],
    );
    const disk = changes[1];
    assert.match(String(disk?.before), /boss after 1 h 30 min by email \(rule "databases", escalation 1\)/);
    assert.deepEqual(disk?.after, ['bob at once by email, webhook (rule "databases")']);
    assert.equal(
      (await app.call("POST", "/api/v1/apply", { body: { resources: definitions, dryRun: true } })).body
        .recipientChanges.length,
      0,
    );
  });

  test("a rule that names what does not exist, and a digest that never fires, are refused", async () => {
    const bad = { name: "bad", contactGroups: ["nobody"] };
    assert.match(
      (await app.call("POST", "/api/v1/notification-rules", { body: bad })).text,
      /there is no ContactGroup/,
    );
    const never = { name: "bad", digest: { cron: "61 * * * *" } };
    const answer = await app.call("POST", "/api/v1/notification-rules", { body: never });
    assert.deepEqual([answer.status, /digest\.cron/.test(answer.text)], [400, true]);
  });
});
