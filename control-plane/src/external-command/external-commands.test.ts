import assert from "node:assert/strict";
import { it } from "node:test";
import { defaultSettings } from "@mycloud/protocol/monitored";
import fc from "fast-check";
import { forEachDialect } from "../database/testing/dialects.ts";
import { DefinitionCache, effectiveSchedule, effectiveSettings, loadRuntimeOverrides } from "../monitored/index.ts";
import { rulesFor } from "../notification/known-rule.ts";
import { loadRules } from "../notification/load-rules.ts";
import { commandWorld } from "./testing/command-world.ts";
import { carla, commandsFixture } from "./testing/commands-fixture.ts";

const critical = "PROCESS_SERVICE_CHECK_RESULT;web1;s1;2;DISK CRITICAL - 97% used|used=97%;80;90";

forEachDialect((_, open) => {
  it("results are stored in their order, with the time of the line", async () => {
    const database = await open();
    const { run, clock } = await commandsFixture(database, { servicesPerHost: 2 });
    const seconds = clock.nowMs / 1000 - 10;
    const said = await run([
      `[${seconds}] PROCESS_SERVICE_CHECK_RESULT;web1;s1;2;first line\\nsecond; with a semicolon`,
      `[${seconds + 1}] PROCESS_SERVICE_CHECK_RESULT;web1;s1;1;later`,
      "PROCESS_HOST_CHECK_RESULT;web1;1;down",
      "PROCESS_SERVICE_CHECK_RESULT;web1;nothing;0;ok",
      "PROCESS_SERVICE_CHECK_RESULT;web1;s2;0",
    ]);
    assert.equal(said.filter((message) => message === "stored the result").length, 4);
    assert.match(said[3] ?? "", /^! host "web1" has no service "nothing"/);
    const rows = await database.db.selectFrom("check_result").selectAll().orderBy("id").execute();
    assert.deepEqual(
      rows.map((row) => [row.return_code, row.output, row.long_output]),
      [
        [2, "first line", "second; with a semicolon"],
        [1, "later", ""],
        [1, "down", ""],
        [0, "(No output returned from plugin)", ""],
      ],
    );
    assert.equal(rows[0]?.checked_at_ms, seconds * 1000);
  });

  it("a problem is acknowledged with author, comment and stickiness, and the acknowledgement is taken back", async () => {
    const database = await open();
    const { run, announced } = await commandsFixture(database);
    const said = await run([
      "ACKNOWLEDGE_SVC_PROBLEM;web1;s1;2;1;1;dora;too early",
      critical,
      "ACKNOWLEDGE_SVC_PROBLEM;web1;s1;2;1;1;dora;new disk is ordered; arrives on Monday",
    ]);
    assert.match(said[0] ?? "", /^! web1\/s1 has not been checked yet/);
    assert.equal(said[2], "acknowledged web1/s1");
    assert.deepEqual(announced, ["s1 dora: new disk is ordered; arrives on Monday"]);
    const [row] = await database.db.selectFrom("acknowledgement").selectAll().execute();
    assert.deepEqual([row?.author_name, row?.is_sticky, row?.ended_at_ms], ["dora", 1, null]);
    assert.deepEqual(await run(["REMOVE_SVC_ACKNOWLEDGEMENT;web1;s1"]), ["removed the acknowledgement of web1/s1"]);
    assert.deepEqual(await run(["REMOVE_SVC_ACKNOWLEDGEMENT;web1;s1"]), ["! web1/s1 is not acknowledged"]);
  });

  it("sticky 1 is an acknowledgement that ends with the next change of state", async () => {
    const database = await open();
    const { run } = await commandsFixture(database);
    await run([critical, "ACKNOWLEDGE_SVC_PROBLEM;web1;s1;1;0;0;dora;x"]);
    const [row] = await database.db.selectFrom("acknowledgement").selectAll().execute();
    assert.equal(row?.is_sticky, 0);
  });

  it("downtimes are scheduled and deleted by id", async () => {
    const database = await open();
    const { run, clock } = await commandsFixture(database);
    const now = clock.nowMs / 1000;
    const said = await run([
      `SCHEDULE_SVC_DOWNTIME;web1;s1;${now};${now + 3600};1;0;3600;dora;new disk`,
      `SCHEDULE_HOST_DOWNTIME;web1;${now};${now + 3600};1;0;3600;dora;new disk`,
      `SCHEDULE_HOST_SVC_DOWNTIME;web1;${now};${now + 3600};1;0;3600;dora;new disk`,
      `SCHEDULE_HOST_DOWNTIME;web1;${now};${now - 1};1;0;3600;dora;never`,
      `SCHEDULE_HOST_DOWNTIME;gone;${now};${now + 3600};1;0;3600;dora;never`,
    ]);
    const rows = await database.db.selectFrom("downtime").selectAll().orderBy("id").execute();
    assert.deepEqual(
      rows.map((row) => JSON.parse(row.selector_json)),
      [
        { hosts: ["web1"], services: ["s1"] },
        { hosts: ["web1"], services: [] },
        { hosts: ["web1"], services: ["*"] },
      ],
    );
    assert.equal(said[3], "! endAtMs is not after startAtMs");
    assert.equal(said[4], '! there is no host "gone"');
    assert.deepEqual(await run([`DEL_SVC_DOWNTIME;${rows[0]?.id}`]), [`cancelled downtime ${rows[0]?.id}`]);
    assert.match((await run([`DEL_SVC_DOWNTIME;${rows[0]?.id}`]))[0] ?? "", /^! downtime \d+ is cancelled/);
  });

  it("downtimes are scheduled for groups, and for everything behind a host", async () => {
    const database = await open();
    const { run, clock } = await commandsFixture(database, { hosts: 3 });
    const { db } = database;
    await db.updateTable("host").set({ settings_json: '{"parents":["web1"]}' }).where("name", "=", "web2").execute();
    await db.updateTable("host").set({ settings_json: '{"parents":["web2"]}' }).where("name", "=", "web3").execute();
    await db.insertInto("host_group").values({ host_id: 1, group_name: "web" }).execute();
    const spec_json = JSON.stringify({ selector: { hosts: ["web2"], services: ["s*"] } });
    const group = { kind: "ServiceGroup", name: "disks", spec_json, created_at_ms: 1, updated_at_ms: 1 };
    await db.insertInto("definition").values(group).execute();
    const now = clock.nowMs / 1000;
    const rest = `${now};${now + 3600};1;0;0;dora;new disk`;
    const said = await run([
      `SCHEDULE_HOSTGROUP_SVC_DOWNTIME;web;${rest}`,
      `SCHEDULE_SERVICEGROUP_SVC_DOWNTIME;disks;${rest}`,
      `SCHEDULE_SERVICEGROUP_HOST_DOWNTIME;disks;${rest}`,
      `SCHEDULE_AND_PROPAGATE_TRIGGERED_HOST_DOWNTIME;web1;${rest}`,
      `SCHEDULE_HOSTGROUP_HOST_DOWNTIME;nobody;${rest}`,
      `SCHEDULE_HOST_DOWNTIME;web1;${now};${now + 3600};0;0;120;dora;flexible`,
    ]);
    assert.equal(said[4], '! there is no host in a group "nobody"');
    const rows = await db.selectFrom("downtime").selectAll().orderBy("id").execute();
    assert.deepEqual(
      rows.map((row) => [JSON.parse(row.selector_json), row.triggered_by_id, row.is_fixed, row.duration_seconds]),
      [
        [{ groups: ["web"], services: ["*"] }, null, 1, null],
        [{ hosts: ["web2"], services: ["s*"] }, null, 1, null],
        [{ hosts: ["web2"], services: [] }, null, 1, null],
        [{ hosts: ["web1"], services: [] }, null, 1, null],
        [{ hosts: ["web2", "web3"], services: [] }, rows[3]?.id, 1, null],
        [{ hosts: ["web1"], services: [] }, null, 0, 120],
      ],
    );
  });

  it("downtimes are deleted by host, group, start and comment, and no others", async () => {
    const database = await open();
    const { run, clock } = await commandsFixture(database, { hosts: 2, servicesPerHost: 2 });
    const start = clock.nowMs / 1000 + 60;
    const plan = (name: string, comment: string) => `${name};${start};${start + 60};1;0;0;dora;${comment}`;
    const schedule = () =>
      run([
        plan("SCHEDULE_HOST_DOWNTIME;web1", "a"),
        plan("SCHEDULE_SVC_DOWNTIME;web1;s1", "a"),
        plan("SCHEDULE_SVC_DOWNTIME;web1;s2", "b"),
        plan("SCHEDULE_HOST_DOWNTIME;web2", "b"),
      ]);
    for (const [line, said] of [
      ["DEL_ALL_HOST_DOWNTIMES;web1", "cancelled 1 downtimes"],
      ["DEL_ALL_SVC_DOWNTIMES;web1;s2", "cancelled 1 downtimes"],
      ["DEL_ALL_SVC_DOWNTIMES;web2;s2", "! there is no such downtime"],
      ["DEL_DOWNTIME_BY_HOST_NAME;web1", "cancelled 3 downtimes"],
      ["DEL_DOWNTIME_BY_HOST_NAME;web1;s1", "cancelled 1 downtimes"],
      ["DEL_DOWNTIME_BY_HOST_NAME;web1;;;b", "cancelled 1 downtimes"],
      [`DEL_DOWNTIME_BY_START_TIME_COMMENT;${start};b`, "cancelled 2 downtimes"],
      ["DEL_DOWNTIME_BY_START_TIME_COMMENT;;a", "cancelled 2 downtimes"],
      ["DEL_DOWNTIME_BY_START_TIME_COMMENT", "! give a start or a comment"],
    ] as const) {
      await schedule();
      assert.deepEqual(await run([line]), [said], line);
      await database.db.deleteFrom("downtime").execute();
    }
  });

  it("what is switched is kept over the definitions", async () => {
    const database = await open();
    const { run } = await commandsFixture(database, { hosts: 2, servicesPerHost: 2 });
    const said = await run([
      "DISABLE_SVC_NOTIFICATIONS;web1;s1",
      "DISABLE_SVC_CHECK;web1;s1",
      "ENABLE_SVC_CHECK;web1;s1",
      "DISABLE_HOST_SVC_CHECKS;web2",
      "CHANGE_CUSTOM_SVC_VAR;web1;s1;_color;red; or green",
      "STOP_EXECUTING_SVC_CHECKS",
      "DISABLE_NOTIFICATIONS",
      "ENABLE_NOTIFICATIONS",
    ]);
    assert.equal(said[3], "disabled for 2 objects");
    const overrides = await loadRuntimeOverrides(database.db);
    const settings = { ...defaultSettings, variables: { COLOR: "blue", SIZE: "1" } };
    const [s1, s2] = [effectiveSettings(settings, overrides, 1, 1), effectiveSettings(settings, overrides, 1, 2)];
    assert.deepEqual([s1.isNotificationEnabled, s2.isNotificationEnabled], [false, true]);
    assert.deepEqual(s1.variables, { COLOR: "red; or green", SIZE: "1" });
    assert.equal(s2.isActiveCheckEnabled, false);
    await run(["START_EXECUTING_SVC_CHECKS"]);
    const later = await loadRuntimeOverrides(database.db);
    assert.equal(effectiveSettings(settings, later, 1, 1).isActiveCheckEnabled, true);
    assert.equal(effectiveSettings(settings, later, 2, 3).isActiveCheckEnabled, false);
    assert.equal(effectiveSettings(settings, later, 2, null).isActiveCheckEnabled, true);
  });

  it("a changed schedule counts for ingest and for agents, until it is taken back", async () => {
    const database = await open();
    const { run, ids } = await commandsFixture(database);
    const [hostId, serviceId] = [ids[0]?.hostId ?? 0, ids[0]?.serviceIds[0] ?? 0];
    const said = await run([
      "CHANGE_MAX_SVC_CHECK_ATTEMPTS;web1;s1;7",
      "CHANGE_NORMAL_SVC_CHECK_INTERVAL;web1;s1;10",
      "CHANGE_NORMAL_SVC_CHECK_INTERVAL;web1;s1;0.01",
      "CHANGE_SVC_CHECK_TIMEPERIOD;web1;s1;never heard of",
    ]);
    assert.match(said[2] ?? "", /^! checkIntervalSeconds: /);
    assert.match(said[3] ?? "", /^! there is no time period/);
    const defined = { checkIntervalSeconds: 60, retryIntervalSeconds: 30, maxCheckAttempts: 1 };
    const asItCounts = async () =>
      effectiveSchedule(defined, await loadRuntimeOverrides(database.db), hostId, serviceId);
    assert.deepEqual(await asItCounts(), { checkIntervalSeconds: 600, retryIntervalSeconds: 30, maxCheckAttempts: 7 });
    const fresh = new DefinitionCache({ dialect: database.dialect });
    const host = (await fresh.hostsByName(database.db, new Set(["web1"]))).get("web1");
    assert.equal(host?.servicesByName.get("s1")?.policy.maxCheckAttempts, 7);
    await run(["CHANGE_SVC_MODATTR;web1;s1;4096"]);
    assert.deepEqual(await asItCounts(), { ...defined, maxCheckAttempts: 7 });
    await run(["CHANGE_SVC_MODATTR;web1;s1;0"]);
    assert.deepEqual(await asItCounts(), defined);
    assert.deepEqual(await database.db.selectFrom("runtime_override").selectAll().execute(), []);
  });

  it("a contact who wants no word of services is told of hosts still, in the time period given for them", async () => {
    const database = await open();
    const { run } = await commandWorld(database);
    const { db } = database;
    const [rule] = await db.selectFrom("notification_rule").select("id").execute();
    const [anna] = await db.selectFrom("contact").select("id").execute();
    await db
      .insertInto("notification_rule_contact")
      .values({ notification_rule_id: rule?.id ?? 0, contact_id: anna?.id ?? 0 })
      .execute();
    await run(["DISABLE_CONTACT_SVC_NOTIFICATIONS;anna", "CHANGE_CONTACT_HOST_NOTIFICATION_TIMEPERIOD;anna;nights"]);
    const host = { id: 1, name: "web1", labels: {}, groups: [], customer: null };
    const { rules } = await loadRules(db);
    const told = (serviceName: string | null) =>
      rulesFor(rules, host, serviceName).flatMap(({ contacts }) =>
        contacts.map(({ name, isEnabled, period }) => [name, isEnabled, period]),
      );
    assert.deepEqual(told(null), [["anna", true, "nights"]]);
    assert.deepEqual(told("s1"), [["anna", false, null]]);
  });

  it("an acknowledgement with an end ends then", async () => {
    const database = await open();
    const { run, clock } = await commandsFixture(database);
    const end = clock.nowMs / 1000 + 600;
    await run([critical, `ACKNOWLEDGE_SVC_PROBLEM_EXPIRE;web1;s1;2;0;0;${end};dora;for ten minutes`]);
    const [row] = await database.db.selectFrom("acknowledgement").selectAll().execute();
    assert.deepEqual([row?.comment, row?.expires_at_ms], ["for ten minutes", end * 1000]);
  });

  it("PROCESS_FILE is refused by name", async () => {
    const { run } = await commandsFixture(await open());
    assert.match((await run(["PROCESS_FILE;/etc/passwd;1"]))[0] ?? "", /^! a command does not name files/);
  });

  it("comments are added, deleted by id, and all at once", async () => {
    const database = await open();
    const { run } = await commandsFixture(database);
    await run([
      "ADD_SVC_COMMENT;web1;s1;1;dora;one; two",
      "ADD_SVC_COMMENT;web1;s1;0;dora;three",
      "ADD_HOST_COMMENT;web1;1;dora;of the host",
    ]);
    const rows = await database.db.selectFrom("comment").selectAll().orderBy("id").execute();
    assert.deepEqual(
      rows.map((row) => row.text),
      ["one; two", "three", "of the host"],
    );
    assert.deepEqual(await run([`DEL_HOST_COMMENT;${rows[2]?.id}`, "DEL_ALL_SVC_COMMENTS;web1;s1"]), [
      `deleted comment ${rows[2]?.id}`,
      "deleted 2 comments of web1/s1",
    ]);
  });

  it("checks are asked of the agent, now or when their time has come", async () => {
    const database = await open();
    const { run, asked, ids, clock } = await commandsFixture(database);
    const said = await run([
      `SCHEDULE_FORCED_SVC_CHECK;web1;s1;${clock.nowMs / 1000}`,
      "SCHEDULE_HOST_SVC_CHECKS;web1;0",
      `SCHEDULE_SVC_CHECK;web1;s1;${clock.nowMs / 1000 + 600}`,
      `SCHEDULE_SVC_CHECK;web1;s1;${clock.nowMs / 1000 + 400 * 86_400}`,
    ]);
    const { hostId, serviceIds } = ids[0] ?? { hostId: 0, serviceIds: [] };
    assert.deepEqual(asked, [
      { hostIds: [], serviceIds },
      { hostIds: [hostId], serviceIds: [] },
      { hostIds: [], serviceIds, atMs: clock.nowMs + 600_000 },
    ]);
    assert.match(said[2] ?? "", /^asked for the check at 20/);
    assert.match(said[3] ?? "", /^! the time is more than a year from now/);
  });

  it("a viewer commands nothing, and a customer's operator reaches nobody else's host", async () => {
    const database = await open();
    const { run, commands, clock } = await commandsFixture(database);
    const viewer = { ...carla, mayOperate: false };
    const end = clock.nowMs / 1000 + 60;
    const args: Record<string, string> = { PROCESS_HOST_CHECK_RESULT: "web1;1;x", DEL_HOST_COMMENT: "1" };
    const lines = commands.known.map(({ name }) => `${name};${args[name] ?? `web1;s1;0;${end};1;0;60;a;b`}`);
    for (const message of await run(lines, viewer)) assert.equal(message, "! Carla may look, not command");
    const stranger = { ...carla, scope: { kind: "customer" as const, customer: "acme" } };
    for (const [index, message] of (await run(lines, stranger)).entries()) {
      assert.match(message, /^! /, `${commands.known[index]?.name}: ${message}`);
    }
    for (const table of ["downtime", "comment", "acknowledgement", "check_result"] as const) {
      assert.deepEqual(await database.db.selectFrom(table).selectAll().execute(), []);
    }
  });

  it("what is unknown or damaged is refused with its reason, and the rest goes on", async () => {
    const { run } = await commandsFixture(await open());
    assert.deepEqual(await run(["NO_SUCH_COMMAND;1", "constructor;1", "]", "ADD_HOST_COMMENT;web1", critical]), [
      "! unknown command NO_SUCH_COMMAND, ignored",
      "! unknown command CONSTRUCTOR, ignored",
      '! "]" is no name of a command',
      "! ADD_HOST_COMMENT has 1 fields; it needs host;persistent;author;comment",
      "stored the result",
    ]);
  });

  it("no line whatever makes it throw", async () => {
    const { run, commands } = await commandsFixture(await open());
    const field = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("web1", "s1", "", "0", "1", "-1", "999999999999999", "1e9", "NaN"),
    );
    const line = fc
      .tuple(fc.constantFrom(...commands.known.map(({ name }) => name)), fc.array(field, { maxLength: 12 }))
      .map(([name, fields]) => [name, ...fields].join(";"));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
        assert.equal((await run(lines)).length, lines.length);
      }),
      { numRuns: 30 },
    );
  });
});
