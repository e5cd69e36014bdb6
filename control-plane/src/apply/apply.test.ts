import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

const check = (name: string, more: object = {}) => ({
  kind: "Check",
  name,
  spec: { command: "load", selector: { labels: { role: "web" } }, ...more },
});
const host = (name: string, labels: object = { role: "web" }) => ({ kind: "Host", name, spec: { labels } });
const service = (hostName: string, name: string, spec: object = {}) => ({
  kind: "Service",
  name,
  host: hostName,
  spec,
});

interface Line {
  readonly progress?: { readonly phase: string; readonly done: number; readonly total: number };
  readonly change?: { readonly kind: string; readonly name: string; readonly action: string };
  readonly end?: { readonly dryRun: boolean; readonly notes: readonly string[] };
  readonly error?: { readonly code: string; readonly message: string };
}

describe("apply-stream", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  const stream = async (items: readonly unknown[], query = "") => {
    const answer = await app.call("POST", `/api/v1/apply-stream${query}`, {
      // What begins with half a megabyte is large, even if it is of nothing.
      body: `${" ".repeat(600_000)}\n${items.map((item) => `${JSON.stringify(item)}\n`).join("")}`,
      headers: { "content-type": "application/x-ndjson" },
    });
    const lines: Line[] = answer.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const actions = lines.flatMap(({ change }) => (change ? [`${change.action} ${change.kind} ${change.name}`] : []));
    return { answer, lines, actions, end: lines.at(-1)?.end, error: lines.at(-1)?.error };
  };
  const names = async (path: string) => {
    const { data } = (await app.call("GET", `${path}?perPage=1000&sort=name`)).body;
    return data.map((one: { name: string; hostName?: string }) => [one.hostName, one.name].filter(Boolean).join("/"));
  };

  const everything = [
    check("load9"),
    host("a"),
    host("b"),
    service("a", "backup", { maxCheckAttempts: 2 }),
    service("b", "backup"),
    { kind: "Contact", name: "anna", spec: { email: "anna@example.org" } },
    { kind: "NotificationRule", name: "all to anna", spec: { contacts: ["anna"] } },
  ];

  test("a dry run tells every change and the services that follow, and changes nothing", async () => {
    const { actions, end } = await stream(everything, "?dryRun=true");
    assert.deepEqual(actions.length, everything.length, actions.join("\n"));
    assert.ok(actions.every((action) => action.startsWith("create ")));
    assert.equal(end?.dryRun, true);
    assert.match(end?.notes.join() ?? "", /\d+ services of checks would appear/);
    assert.deepEqual(await names("/api/v1/hosts"), []);
  });

  test("an apply makes everything, services of checks included, with an audit entry each; a second one changes nothing", async () => {
    const { answer, end } = await stream(everything);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(end?.dryRun, false);
    const services = await names("/api/v1/services");
    for (const one of ["a/load9", "b/load9", "a/backup", "b/backup"]) assert.ok(services.includes(one), one);
    const audit = await app.call("GET", "/api/v1/audit-entries?perPage=200");
    const written: string[] = audit.body.data.map((entry: { action: string }) => entry.action);
    for (const [action, count] of [
      ["host.create", 2],
      ["service.create", 2],
      ["notification-rule.create", 1],
    ] as const) {
      assert.equal(written.filter((one) => one === action).length, count, action);
    }
    const again = await stream(everything);
    assert.ok(
      again.actions.every((action) => action.startsWith("unchanged ")),
      again.actions.join("\n"),
    );
  });

  test("what is stored is the same as by an ordinary apply", async () => {
    const { body } = await app.call("GET", "/api/v1/export");
    const ordinary = await app.call("POST", "/api/v1/apply", { body: { resources: body.resources } });
    assert.ok(
      ordinary.body.changes.every(({ action }: { action: string }) => action === "unchanged"),
      ordinary.text,
    );
    const streamed = await stream(body.resources);
    assert.ok(
      streamed.actions.every((action) => action.startsWith("unchanged ")),
      streamed.actions.join("\n"),
    );
  });

  test("thresholds change without touching a service; a selector moves services", async () => {
    const service9 = async () => {
      const { data } = (await app.call("GET", "/api/v1/services?perPage=1000")).body;
      return data.filter((one: { name: string }) => one.name === "load9");
    };
    const before = await service9();
    const { actions } = await stream([check("load9", { arguments: ["-w", "9,9,9"] })]);
    assert.deepEqual(actions, ["update Check load9"]);
    const after = await service9();
    assert.deepEqual(
      after.map(({ id, updatedAtMs }: Record<string, number>) => [id, updatedAtMs]),
      before.map(({ id, updatedAtMs }: Record<string, number>) => [id, updatedAtMs]),
    );
    assert.deepEqual(after[0].arguments, ["-w", "9,9,9"]);
    await stream([check("load9", { selector: { hosts: ["b"] }, maxCheckAttempts: 7 })]);
    const moved = await service9();
    assert.deepEqual(
      moved.map((one: { hostName: string; maxCheckAttempts: number }) => [one.hostName, one.maxCheckAttempts]),
      [["b", 7]],
    );
  });

  test("pruning deletes what is not there, checks with their services, and hosts with everything", async () => {
    const { actions } = await stream([host("b"), service("b", "backup")], "?prune=Host,Check,Service");
    for (const gone of ["delete Host a", "delete Check load9", "delete Service a/backup"])
      assert.ok(actions.includes(gone), actions.join("\n"));
    assert.deepEqual(await names("/api/v1/services"), ["b/backup"]);
    assert.deepEqual(await names("/api/v1/hosts"), ["b"]);
  });

  test("every fault is told, whatever kind it is of, and nothing is changed", async () => {
    const wrong: readonly (readonly [readonly unknown[], RegExp])[] = [
      [[host("c"), service("nowhere", "x"), { kind: "Hots", name: "y" }], /2 faults.*nowhere/s],
      [[check("one", { serviceName: "same" }), check("two", { serviceName: "same" })], /service "same" on host "b"/],
      [[check("backup")], /service "backup" on host "b" comes from a passive service/],
      [
        [
          { ...host("c"), spec: { parents: ["d"] } },
          { ...host("d"), spec: { parents: ["c"] } },
        ],
        /leads back to itself/,
      ],
      [
        [
          check("one", { command: "bp_rule", arguments: [",two"] }),
          check("two", { command: "bp_rule", arguments: [",one"] }),
        ],
        /business rules look at each other: b\/one -> b\/two -> b\/one/,
      ],
      [[check("rule", { command: "bp_rule", arguments: ["b"], target: "host" })], /cannot tell whether a host is UP/],
    ];
    const before = (await app.call("GET", "/api/v1/export")).text;
    for (const [items, words] of wrong) {
      const { answer, error } = await stream(items);
      const message = error?.message ?? answer.body?.error?.message ?? answer.text;
      assert.match(message, words);
    }
    assert.equal((await app.call("GET", "/api/v1/export")).text, before);
    const { answer } = await stream(["not an object\u0000"]);
    assert.ok(answer.status >= 400 || answer.text.includes('"error"'), answer.text);
  });
});
