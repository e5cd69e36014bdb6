import assert from "node:assert/strict";
import { it, test } from "node:test";
import { EventHandlerInput } from "@mycloud/protocol/event-handler";
import { expireCommands, findDeliverableCommands, takeOutcome } from "../agent-command/index.ts";
import { createAuditLog } from "../audit/index.ts";
import { createStoreBatches } from "../check-result/store-batches.ts";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { EnabledDefinitions, saveDefinition } from "../definition/index.ts";
import { systemActor } from "../http/actor.ts";
import { overrideProgram, overrideSettings } from "../monitored/index.ts";
import { createSealer } from "../sealing/index.ts";
import { listStateChanges } from "../state-change/index.ts";
import { createEventHandlers } from "./create-event-handlers.ts";
import { wantsChange } from "./wants-change.ts";

const sealer = createSealer(Buffer.alloc(32, 7));

forEachDialect((_, open) => {
  /** Two hosts with agents, a service each, and these handlers. */
  async function start(...inputs: Partial<EventHandlerInput>[]) {
    const database = await open();
    const { db, dialect } = database;
    const fixture = await ingestFixture(database, { hosts: 3, maxCheckAttempts: 3 });
    const [first, second] = fixture.ids;
    assert.ok(first && second);
    for (const { hostId } of [first, second]) {
      const agent = { id: `a${hostId}`, host_id: hostId, public_key_json: "{}", version: "1" };
      await db
        .insertInto("agent")
        .values({ ...agent, enrolled_at_ms: 1 })
        .execute();
    }
    await database.transaction(async (tx) => {
      for (const [index, input] of inputs.entries()) {
        const whole = EventHandlerInput.parse({ name: `handler-${index}`, command: "restart", ...input });
        await saveDefinition(tx, dialect, sealer, "EventHandler", null, whole, fixture.clock.nowMs);
      }
    });
    const audit = createAuditLog(fixture.now);
    const handlers = new EnabledDefinitions("EventHandler", sealer);
    const eventHandlers = createEventHandlers({ dialect, definitions: fixture.definitions, handlers, audit });
    const storeBatches = createStoreBatches({ ...fixture, database, eventHandlers });
    let batches = 0;
    return {
      ...fixture,
      database,
      audit,
      first,
      async report(hostAt: number, ...codes: number[]) {
        const { hostId, serviceIds } = fixture.ids[hostAt] ?? { hostId: 0, serviceIds: [] };
        for (const code of codes) {
          fixture.clock.nowMs += 1_000;
          const result = resultOf(hostId, serviceIds[0] ?? 0, code, { checkedAtMs: fixture.clock.nowMs });
          await storeBatches([batchOf([result], `b${++batches}`)]);
        }
      },
      storeBatches,
      commands: () => db.selectFrom("agent_command").selectAll().orderBy("id").execute(),
      deliverable: () => findDeliverableCommands(db, fixture.clock.nowMs),
      history: async () => {
        const query = { page: 1, perPage: 50, order: "ASC" as const };
        return (await listStateChanges(db, dialect, { kind: "all" }, query)).data;
      },
    };
  }

  it("a HARD change queues one command with Nagios' macros, however often the batch arrives", async () => {
    const plane = await start({ arguments: ["$HOSTNAME$", "$SERVICEDESC$ is $SERVICESTATE$", "$NOSUCH$", "$$1"] });
    await plane.report(0, 2, 2);
    assert.deepEqual(await plane.commands(), []);
    const result = resultOf(plane.first.hostId, plane.first.serviceIds[0] ?? 0, 2, { output: "down; rm -rf / | a=1" });
    for (const _ of [1, 2]) await plane.storeBatches([batchOf([result], "same")]);
    await plane.report(0, 2);
    const [command, ...others] = await plane.deliverable();
    assert.deepEqual(others, []);
    assert.ok(command?.request.kind === "event-handler");
    assert.equal(command.hostId, plane.first.hostId);
    assert.deepEqual(command.request.arguments, ["web1", "s1 is CRITICAL", "", "$1"]);
    const { macros } = command.request;
    assert.deepEqual(
      [macros.SERVICESTATETYPE, macros.SERVICEATTEMPT, macros.SERVICEOUTPUT, macros.SERVICEDOWNTIME],
      ["HARD", "3", "down; rm -rf /", "0"],
    );
  });

  it("SOFT attempts and recoveries set off those who want them, at the attempt they want", async () => {
    const plane = await start(
      { name: "each", states: ["CRITICAL", "OK"], stateTypes: ["SOFT", "HARD"] },
      { name: "second", stateTypes: ["SOFT"], attempt: 2 },
      { name: "off", stateTypes: ["SOFT", "HARD"], isEnabled: false },
      { name: "others", stateTypes: ["SOFT", "HARD"], selector: { hosts: ["db*"] } },
    );
    await plane.report(0, 2, 2, 2, 0);
    const commands = await plane.commands();
    assert.deepEqual(
      commands.map(({ event_handler }) => event_handler),
      ["each", "each", "second", "each", "each"],
    );
    const states = commands.map(({ request_json }) => {
      const { SERVICESTATE, SERVICESTATETYPE, SERVICEATTEMPT } = JSON.parse(request_json).macros;
      return `${SERVICESTATE} ${SERVICESTATETYPE} ${SERVICEATTEMPT}`;
    });
    assert.deepEqual(states.filter((_, at) => at !== 2).slice(0, 3), [
      "CRITICAL SOFT 1",
      "CRITICAL SOFT 2",
      "CRITICAL HARD 3",
    ]);
  });

  it("runs elsewhere when it says so, and tells in the history why it cannot run", async () => {
    const plane = await start(
      { name: "elsewhere", runOn: "web2" },
      { name: "nowhere", runOn: "no-such-host" },
      { name: "without agent", runOn: "web3" },
    );
    await plane.report(0, 2, 2, 2);
    const [command, ...others] = await plane.deliverable();
    assert.equal(others.length, 0);
    assert.equal(command?.hostId, plane.ids[1]?.hostId);
    const hard = (await plane.history()).find(({ eventHandlers }) => eventHandlers !== undefined);
    assert.equal(hard?.stateType, "HARD");
    assert.deepEqual(
      hard?.eventHandlers?.map(({ name, phase, message }) => [name, phase, message]),
      [
        ["elsewhere", "queued", null],
        ["nowhere", "failed", 'there is no host "no-such-host" to run it on'],
        ["without agent", "failed", 'no agent is enrolled on "web3" that could run it'],
      ],
    );
  });

  it("nothing runs while event handlers are switched off, for one object or for all", async () => {
    const plane = await start({ stateTypes: ["SOFT", "HARD"] });
    const { hostId, serviceIds } = plane.first;
    const { dialect } = plane.database;
    const off = { isEventHandlerEnabled: false };
    const objects = [{ hostId, serviceId: serviceIds[0] ?? 0 }];
    await plane.database.transaction((tx) => overrideSettings(tx, dialect, objects, off, 1));
    plane.definitions.forget();
    await plane.report(0, 2);
    await plane.report(1, 2);
    assert.equal((await plane.commands()).length, 1);
    await plane.database.transaction((tx) => overrideProgram(tx, dialect, off, 2));
    plane.definitions.forget();
    await plane.report(1, 2, 2);
    assert.equal((await plane.commands()).length, 1);
  });

  it("runs in a downtime as well, and says so in its macros", async () => {
    const plane = await start({});
    await plane.database.db
      .insertInto("downtime")
      .values({
        selector_json: '{"hosts":["web1"]}',
        start_at_ms: plane.clock.nowMs - 1,
        end_at_ms: plane.clock.nowMs + 3_600_000,
        comment: "",
        author_name: "dana",
        customer: null,
        started_at_ms: null,
        ended_at_ms: null,
        cancelled_at_ms: null,
        created_at_ms: 1,
      })
      .execute();
    await plane.report(0, 2, 2, 2);
    const [command] = await plane.deliverable();
    assert.ok(command?.request.kind === "event-handler");
    assert.equal(command.request.macros.SERVICEDOWNTIME, "1");
  });

  it("what an agent did is in the history and in the audit, once; what it never took expires", async () => {
    const plane = await start({ name: "restart nginx" });
    await plane.report(0, 2, 2, 2);
    const [command] = await plane.deliverable();
    assert.ok(command);
    const result = { returnCode: 0, output: "restarted", longOutput: "", perfdata: "", executionTimeSeconds: 1 };
    const outcome = { phase: "done" as const, message: null, result };
    for (const id of [command.id, command.id]) {
      assert.equal(await takeOutcome(plane, systemActor, { id, hostId: command.hostId }, outcome), true);
    }
    assert.equal(await takeOutcome(plane, systemActor, { id: command.id, hostId: 999 }, outcome), false);
    await plane.report(0, 1, 2);
    plane.clock.nowMs += 5 * 60_000;
    assert.deepEqual(await plane.deliverable(), []);
    await expireCommands(plane.database.db, plane.clock.nowMs);
    const runs = (await plane.history()).flatMap(({ eventHandlers = [] }) => eventHandlers);
    assert.deepEqual(
      runs.map(({ phase, output, returnCode }) => [phase, output, returnCode]),
      [
        ["expired", null, null],
        ["done", "restarted", 0],
      ],
    );
    const entries = await plane.database.db.selectFrom("audit_entry").select(["action", "resource_name"]).execute();
    assert.deepEqual(
      entries.map(({ action, resource_name }) => `${action} ${resource_name}`),
      ["event-handler.queue restart nginx", "event-handler.run restart nginx", "event-handler.queue restart nginx"],
    );
  });

  it("a change that is known long after it happened runs nothing", async () => {
    const plane = await start({ stateTypes: ["SOFT"] });
    const late = { checkedAtMs: plane.clock.nowMs - 600_000 };
    await plane.storeBatches([
      batchOf([resultOf(plane.first.hostId, plane.first.serviceIds[0] ?? 0, 2, late)], "late"),
    ]);
    const [run] = (await plane.history()).flatMap(({ eventHandlers = [] }) => eventHandlers);
    assert.equal(run?.phase, "expired");
    assert.match(run?.message ?? "", /10 minutes before it was known/);
    assert.deepEqual(await plane.deliverable(), []);
  });
});

test("a handler of hosts and one of services leave each other's changes alone", () => {
  const host = { id: 1, name: "web1", groups: [], labels: {}, displayName: null, address: null, customer: null };
  const change = { host, kind: "state", isHard: true, attempt: 3 } as const;
  const ofHosts = EventHandlerInput.parse({ name: "h", command: "x", selector: { services: [] } });
  const ofServices = EventHandlerInput.parse({ name: "s", command: "x", selector: { services: ["*"] } });
  const down = { ...change, serviceName: null, toState: "DOWN" };
  const critical = { ...change, serviceName: "http", toState: "CRITICAL" };
  assert.deepEqual([wantsChange(ofHosts, down), wantsChange(ofHosts, critical)], [true, false]);
  assert.deepEqual([wantsChange(ofServices, down), wantsChange(ofServices, critical)], [false, true]);
  assert.equal(wantsChange(ofServices, { ...critical, kind: "flapping-start" }), false);
});
