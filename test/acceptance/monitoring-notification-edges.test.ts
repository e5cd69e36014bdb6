// Who is told what, when, and in which order, where several things happen at once; by a clock that is moved.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { type SteppedApp, startSteppedApp } from "../../control-plane/src/testing/index.ts";
import { type MailSink, openMailSink } from "../support/index.ts";

const minute = 60_000;
/** A Monday. */
const start = Date.UTC(2026, 2, 2, 7, 30);

/** A webhook's other side that can go away and come back, and refuse. */
async function openHook() {
  const ids: string[] = [];
  const hook = { ids, port: 0, refuses: (_subject: string): boolean => false, open, close };
  let server: Server | null = null;
  async function open(): Promise<void> {
    server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request.setEncoding("utf8")) text += chunk;
      const { service } = JSON.parse(text);
      const isRefused = hook.refuses(service);
      if (!isRefused) ids.push(String(request.headers["x-mycloud-id"]));
      response.writeHead(isRefused ? 503 : 200, { connection: "close" }).end(isRefused ? "busy" : "");
    }).listen(hook.port, "127.0.0.1");
    await once(server, "listening");
    hook.port = (server.address() as AddressInfo).port;
  }
  async function close(): Promise<void> {
    const closing = server;
    server = null;
    if (closing === null) return;
    closing.close();
    closing.closeAllConnections();
    await once(closing, "close");
  }
  await open();
  return hook;
}

interface World {
  readonly stepped: SteppedApp;
  readonly sink: MailSink;
  /** Reports states, all in one batch: `{ a: 2 }`. */
  post(codes: Readonly<Record<string, number>>): Promise<void>;
  /** Moves the clock to so many minutes after the start, and does what is due then. */
  to(minutes: number): Promise<void>;
  /** What came to a mailbox, `CRITICAL web1/a` or the headline of a message about many, and whether as an answer in a thread. */
  mailsOf(contact: string): string[];
}

/** web1 with some services, these contacts, and these rules in the place of the seeded one. */
async function startWorld(
  t: TestContext,
  services: readonly string[],
  others: readonly { readonly kind: string; readonly name: string; readonly spec: object }[],
): Promise<World> {
  const sink = await openMailSink();
  const settings = { smtpUrl: sink.url, outgoingNetworks: ["127.0.0.0/8"] };
  const stepped = await startSteppedApp(start, { settings });
  t.after(async () => {
    await stepped.app.stop();
    await sink.close();
  });
  const { call } = stepped.app;
  const resources = [
    { kind: "Host", name: "web1", spec: {} },
    ...services.map((name) => ({ kind: "Service", name, host: "web1", spec: { maxCheckAttempts: 1 } })),
    ...others,
  ];
  const applied = await call("POST", "/api/v1/apply", { body: { resources, prune: ["NotificationRule"] } });
  assert.equal(applied.status, 200, applied.text);
  return {
    stepped,
    sink,
    async post(codes) {
      const body = Object.entries(codes).map(([service, returnCode]) => {
        return { host: "web1", service, returnCode, output: "as the plugin says" };
      });
      const answer = await call("POST", "/api/v1/check-results", { body });
      assert.equal(answer.status, 200, answer.text);
    },
    async to(minutes) {
      // Nothing may be in hand while the clock leaps: a claim would run out before its message is sent.
      await stepped.deliver();
      stepped.moveTo(start + minutes * minute);
      await stepped.settle();
      await stepped.deliver();
    },
    mailsOf: (contact) =>
      sink.mails
        .filter(({ to }) => to === `${contact}@example.org`)
        .map(({ subject, text }) => {
          const headline = text.split("\n")[0] ?? "";
          return subject.startsWith("[MyCloud] ") && !/ web1\/\w+(?::|$)/.test(subject)
            ? subject.slice("[MyCloud] ".length)
            : headline;
        }),
  };
}

const contact = (name: string, spec: object = {}) => ({
  kind: "Contact",
  name,
  spec: { email: `${name}@example.org`, ...spec },
});
const rule = (name: string, spec: object) => ({
  kind: "NotificationRule",
  name,
  spec: { states: ["WARNING", "CRITICAL", "RECOVERY"], ...spec },
});

async function queueOf({ stepped }: World) {
  return await stepped.app.app.core!.database.db.selectFrom("notification").selectAll().orderBy("id").execute();
}

/** By problem, contact and channel: each message arrived once, in the order in which it was decided. */
async function assertOrder(world: World, received: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const rows = await queueOf(world);
  for (const [channel, ids] of Object.entries(received)) {
    const own = rows.filter((row) => row.channel === channel);
    assert.equal(new Set(ids).size, ids.length, `${channel}: something came twice`);
    assert.deepEqual([...ids].sort(), own.map((row) => row.message_id).sort(), channel);
    for (const [problem, messages] of Map.groupBy(own, (row) => row.problem_id)) {
      const wanted = messages.map((row) => row.message_id);
      const came = ids.filter((id) => wanted.includes(id));
      assert.deepEqual(came, wanted, `${channel}, problem ${problem}`);
    }
  }
}

test("a mail server and a webhook that are away for an hour get everything once, each problem's messages in order; until then the queue says why not", async (t) => {
  const hook = await openHook();
  t.after(() => hook.close());
  const channels = [{ type: "email" }, { type: "webhook", url: `http://127.0.0.1:${hook.port}/` }];
  const world = await startWorld(
    t,
    ["a", "b"],
    [contact("anna", { channels }), rule("all", { contacts: ["anna"], repeatIntervalSeconds: 600 })],
  );
  const { post, to, sink } = world;
  await sink.close();
  await hook.close();
  const codes = new Map([
    [0, { a: 2 }],
    [15, { b: 2 }],
    [20, { a: 1 }],
    [35, { a: 0 }],
    [45, { b: 0 }],
    [50, { a: 2, b: 2 }],
  ]);
  for (let at = 0; at < 60; at += 5) {
    await post(codes.get(at) ?? {});
    await to(at);
  }
  const waiting = await queueOf(world);
  assert.ok(waiting.length > 20, `only ${waiting.length} messages`);
  assert.deepEqual([...new Set(waiting.map(({ phase }) => phase))], ["queued"]);
  for (const { channel, address, attempts, last_error: error } of waiting.filter((row) => row.attempts > 0))
    assert.match(error ?? "", /ECONNREFUSED/, `${channel} ${address} after ${attempts} attempts`);
  const oldest = waiting.filter(({ type }) => type === "PROBLEM").slice(0, 2);
  assert.ok(
    oldest.every(({ attempts }) => attempts >= 5),
    JSON.stringify(oldest.map(({ attempts }) => attempts)),
  );
  const { body } = await world.stepped.app.call("GET", "/api/v1/notifications?perPage=100");
  assert.match(body.data.at(-1).lastError, /ECONNREFUSED/);

  await sink.open();
  await hook.open();
  for (let at = 60; at <= 95 && (await queueOf(world)).some(({ phase }) => phase === "queued"); at++) await to(at);
  assert.deepEqual([...new Set((await queueOf(world)).map(({ phase }) => phase))], ["sent"]);
  await assertOrder(world, { email: sink.mails.map(({ messageId }) => messageId), webhook: hook.ids });
});

test("what is refused for now is not overtaken by what comes later of the same problem, also when the sender was restarted; other problems go by", async (t) => {
  const hook = await openHook();
  t.after(() => hook.close());
  const channels = [{ type: "email" }, { type: "webhook", url: `http://127.0.0.1:${hook.port}/` }];
  const world = await startWorld(t, ["a", "b"], [contact("anna", { channels }), rule("all", { contacts: ["anna"] })]);
  const { post, to, sink, mailsOf } = world;
  let isBusy = true;
  const taken: string[] = [];
  sink.judge = ({ subject, messageId }) => {
    if (isBusy && subject.includes("web1/a")) return "451 come back later";
    taken.push(messageId);
    return null;
  };
  hook.refuses = (service) => isBusy && service === "a";
  await post({ a: 2 });
  await to(0);
  await post({ a: 0, b: 2 });
  for (let at = 1; at <= 10; at++) await to(at);
  const rows = await queueOf(world);
  const stands = rows.map(({ type, service_id, phase, attempts }) => `${type} ${service_id} ${phase} ${attempts > 0}`);
  const [a, b] = [rows[0]?.service_id, rows.at(-1)?.service_id];
  assert.deepEqual(
    new Set(stands),
    new Set([`PROBLEM ${a} queued true`, `RECOVERY ${a} queued false`, `PROBLEM ${b} sent true`]),
  );
  assert.match(rows[0]?.last_error ?? "", /451 come back later/);
  assert.deepEqual(new Set(mailsOf("anna")), new Set(["CRITICAL: web1/a", "CRITICAL: web1/b"]));
  assert.equal(hook.ids.length, 1);
  isBusy = false;
  for (let at = 11; at <= 45; at++) await to(at);
  await assertOrder(world, { email: taken, webhook: hook.ids });
});

test("whoever is on call is told by repeats, whose time period begins is told then, and the end goes to all who were told, once", async (t) => {
  const mondays = { monday: ["08:00-17:00"] };
  const world = await startWorld(
    t,
    ["a"],
    [
      ...["anna", "bert", "dora"].map((name) => contact(name, name === "dora" ? { period: "night" } : {})),
      contact("carla", { period: "office" }),
      { kind: "TimePeriod", name: "office", spec: { weekly: mondays } },
      { kind: "TimePeriod", name: "night", spec: { weekly: { monday: ["22:00-24:00"] } } },
      {
        kind: "OnCallSchedule",
        name: "turns",
        spec: { members: ["anna", "bert"], every: "day", startDate: "2026-03-01" },
      },
      rule("all", { contacts: ["carla", "dora"], onCall: ["turns"], repeatIntervalSeconds: 3600 }),
    ],
  );
  const { post, to, mailsOf } = world;
  const told = () => Object.fromEntries(["anna", "bert", "carla", "dora"].map((name) => [name, mailsOf(name).length]));
  await post({ a: 2 });
  await to(0);
  assert.deepEqual(told(), { anna: 1, bert: 0, carla: 0, dora: 0 }, "07:30: anna's turn, nobody else's time");
  await to(29);
  assert.deepEqual(told(), { anna: 1, bert: 0, carla: 0, dora: 0 });
  await to(30);
  assert.deepEqual(told(), { anna: 1, bert: 0, carla: 1, dora: 0 }, "08:00: carla's day begins");
  await to(60);
  assert.deepEqual(told(), { anna: 2, bert: 0, carla: 2, dora: 0 }, "08:30: the repeat");
  await to(100);
  assert.deepEqual(told(), { anna: 2, bert: 0, carla: 2, dora: 0 }, "09:10: handed over");
  await to(120);
  assert.deepEqual(told(), { anna: 2, bert: 1, carla: 3, dora: 0 }, "09:30: the repeat goes to whose turn it is");
  await post({ a: 0 });
  await to(130);
  assert.deepEqual(told(), { anna: 3, bert: 2, carla: 4, dora: 0 }, "who was told of it is told of its end");
  for (const name of ["anna", "bert", "carla"]) assert.match(mailsOf(name).at(-1) ?? "", /^RECOVERED: web1\/a/);
  const numbers = (await queueOf(world)).map(({ contact_name: name, number }) => `${name} ${number}`);
  assert.deepEqual(new Set(numbers.filter((one) => one.startsWith("bert"))), new Set(["bert 3", "bert 2"]));
  await to(24 * 60);
  assert.deepEqual(told(), { anna: 3, bert: 2, carla: 4, dora: 0 });
});

test("a group, a storm and a digest at once: each contact reads everything once, and every change has its reason", async (t) => {
  const apps = Array.from({ length: 10 }, (_, index) => `app${index}`);
  const databases = ["db1", "db2"];
  const world = await startWorld(
    t,
    [...apps, ...databases],
    [
      contact("ops", { stormLimitPerMinute: 3 }),
      contact("boss"),
      rule("apps", { contacts: ["ops"], selector: { services: ["app*"] } }),
      rule("databases", {
        contacts: ["ops"],
        selector: { services: ["db*"] },
        groupBy: ["host"],
        groupWaitSeconds: 30,
      }),
      rule("mornings", { contacts: ["boss"], digest: { cron: "0 9 * * *" } }),
    ],
  );
  const { post, to, mailsOf } = world;
  const all = (code: number) => Object.fromEntries([...apps, ...databases].map((name) => [name, code]));
  await post(all(0));
  await to(0);
  assert.deepEqual(mailsOf("ops"), []);
  await post(all(2));
  await to(0.1);
  assert.deepEqual(mailsOf("ops").length, 3, "as many as they want in a minute");
  await to(0.6);
  assert.deepEqual(mailsOf("ops").slice(3), ["2 CRITICAL: web1/db1 and 1 other"]);
  await post({ app9: 0 });
  await to(1.1);
  assert.deepEqual(mailsOf("ops").slice(4), ["8 notifications suppressed: 6 CRITICAL, 1 OK"]);
  await post({ app0: 0, db1: 0 });
  await to(2.5);
  assert.deepEqual(mailsOf("ops").slice(5).sort(), ["RECOVERED: web1/app0 is OK", "RECOVERED: web1/db1 is OK"]);
  assert.deepEqual(mailsOf("boss"), []);
  await to(90);
  assert.deepEqual(mailsOf("boss"), ["Digest: 9 CRITICAL, 3 OK: web1/app1 and 11 others"]);
  const rows = await queueOf(world);
  assert.deepEqual([...new Set(rows.map(({ phase }) => phase))], ["sent"], "what was told in one message is told");
  const changes = await world.stepped.app.app
    .core!.database.db.selectFrom("state_change")
    .select(["to_state", "is_notified", "notification_reason"])
    .where("to_state", "=", "CRITICAL")
    .execute();
  assert.equal(changes.length, 12);
  for (const change of changes) assert.deepEqual([change.is_notified, change.notification_reason], [1, "notified"]);
  await to(26 * 60);
  assert.equal(mailsOf("boss").length, 1, "nothing new, no digest");
});
