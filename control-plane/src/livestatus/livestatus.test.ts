import assert from "node:assert/strict";
import { it } from "node:test";
import { CheckInput } from "@mycloud/protocol/check";
import { createCheck } from "../check/store.ts";
import { batchOf, resultOf } from "../check-result/testing/ingest-fixture.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { livestatusFixture } from "./testing/livestatus-fixture.ts";

/** web1 with s1 OK, s2 CRITICAL; web2 DOWN with s1 WARNING, s2 PENDING. */
async function fixture(database: ConnectedDatabase) {
  const made = await livestatusFixture(database, { hosts: 2, servicesPerHost: 2 });
  const [web1, web2] = made.ids;
  const id = (host: typeof web1, at: number) => host?.serviceIds[at] ?? 0;
  await database.db
    .updateTable("host")
    .set({ groups_json: '["web","linux"]', labels_json: '{"env":"prod"}', address: "192.0.2.1" })
    .where("name", "=", "web1")
    .execute();
  await made.storeBatches([
    batchOf([
      resultOf(web1?.hostId ?? 0, null, 0),
      resultOf(web1?.hostId ?? 0, id(web1, 0), 0, { output: "fine; really | load=1;5;10" }),
      resultOf(web1?.hostId ?? 0, id(web1, 1), 2, { output: "Broken\nlong\nstory" }),
      resultOf(web2?.hostId ?? 0, null, 1),
      resultOf(web2?.hostId ?? 0, id(web2, 0), 1),
    ]),
  ]);
  return made;
}

forEachDialect((_dialect, open) => {
  it("answers columns of filtered rows in each output format", async () => {
    const { ask } = await fixture(await open());
    const query =
      "GET services\nColumns: host_name description state plugin_output host_groups\nFilter: host_name = web1";
    assert.equal((await ask(query)).text, "web1;s1;0;fine; really;web,linux\nweb1;s2;2;Broken;web,linux\n");
    assert.equal(
      (await ask(`${query}\nOutputFormat: json\nColumnHeaders: on`)).text,
      '[["host_name","description","state","plugin_output","host_groups"],\n["web1","s1",0,"fine; really",["web","linux"]],\n["web1","s2",2,"Broken",["web","linux"]]]\n',
    );
    assert.deepEqual(
      JSON.parse((await ask(`${query}\nOutputFormat: wrapped_json\nLimit: 1\nColumnHeaders: on`)).text),
      {
        columns: ["host_name", "description", "state", "plugin_output", "host_groups"],
        data: [["web1", "s1", 0, "fine; really", ["web", "linux"]]],
        total_count: 2,
      },
    );
    assert.equal(
      (await ask(`${query}\nOutputFormat: python\nLimit: 1`)).text,
      "[['web1','s1',0,'fine; really',['web', 'linux']]]\n",
    );
    assert.equal(
      (await ask(`${query}\nSeparators: 10 124 58 47\nLimit: 1`)).text,
      "web1|s1|0|fine; really|web:linux\n",
    );
  });

  it("gives all columns with their names when none are asked for", async () => {
    const { rows } = await fixture(await open());
    const [names, first] = await rows("GET hosts\nFilter: name = web1");
    assert.ok(names !== undefined && first !== undefined && names.length > 100 && names.length === first.length);
    assert.equal(first[names.indexOf("address")], "192.0.2.1");
    assert.deepEqual(first[names.indexOf("labels")], { env: "prod" });
    const listed = await rows("GET columns\nColumns: name\nFilter: table = hosts");
    assert.deepEqual(listed.flat(), names);
  });

  it("combines filters as a stack", async () => {
    const { rows } = await fixture(await open());
    const named = async (filters: string) =>
      (await rows(`GET services\nColumns: host_name description\n${filters}`)).map((row) => row.join("/"));
    assert.deepEqual(await named("Filter: state = 1\nFilter: state = 2\nOr: 2"), ["web1/s2", "web2/s1"]);
    assert.deepEqual(await named("Filter: state = 1\nFilter: state = 2\nOr: 2\nNegate:\nFilter: host_name = web1"), [
      "web1/s1",
    ]);
    assert.deepEqual(await named("Filter: has_been_checked = 0"), ["web2/s2"]);
    assert.deepEqual(await named("Filter: plugin_output ~~ broKEN|nothing"), ["web1/s2"]);
    assert.deepEqual(await named("Filter: description !~ 1$"), ["web1/s2", "web2/s2"]);
    assert.deepEqual(await named("Filter: host_groups >= web\nFilter: state != 0"), ["web1/s2"]);
    assert.deepEqual(await named("Filter: host_groups = \nFilter: state != 0"), ["web2/s1"]);
    assert.deepEqual(await named("Filter: host_labels = env prod\nFilter: state = 2"), ["web1/s2"]);
    assert.deepEqual(await named("Filter: host_name =~ WEB2\nFilter: state > 0"), ["web2/s1"]);
  });

  it("counts with Stats, joined and grouped", async () => {
    const { rows, ask } = await fixture(await open());
    const counters =
      "Stats: state = 0\nStats: has_been_checked = 1\nStatsAnd: 2\nStats: state = 2\nStats: state = 1\nStatsOr: 2\nStats: state = 0\nStatsNegate:";
    assert.deepEqual(await rows(`GET services\n${counters}`), [[1, 2, 2]]);
    assert.deepEqual(await rows("GET services\nStats: state = 0\nStats: max state\nColumns: host_name"), [
      ["web1", 1, 2],
      ["web2", 1, 1],
    ]);
    assert.deepEqual(await rows("GET services\nStatsGroupBy: host_name\nStats: sum state"), [
      ["web1", 2],
      ["web2", 1],
    ]);
    assert.deepEqual(
      await rows("GET services\nFilter: state = 9\nStats: state = 0\nStats: avg state\nStats: min state"),
      [[0, 0, 0]],
    );
    assert.deepEqual(await rows("GET services\nFilter: state = 9\nStats: state = 0\nColumns: host_name"), []);
    assert.equal(
      (await ask("GET services\nColumns: host_name\nStats: state = 0\nColumnHeaders: on")).text.split("\n")[0],
      "host_name;stats_1",
    );
  });

  it("tells of a host check as of a service's, with the host's own period before the check's", async () => {
    const database = await open();
    const { rows, storeBatches, ids, now } = await fixture(database);
    const [web1] = ids;
    const check = CheckInput.parse({
      name: "alive",
      command: "ping",
      arguments: ["-H", "$HOSTADDRESS$"],
      target: "host",
      checkIntervalSeconds: 120,
      retryIntervalSeconds: 30,
      maxCheckAttempts: 4,
      checkPeriod: "work",
    });
    await database.transaction((tx) => createCheck(tx, database.dialect, check, now()));
    const settings = JSON.stringify({ checkPeriod: "own", isActiveCheckEnabled: false });
    await database.db.updateTable("host").set({ settings_json: settings }).where("name", "=", "web2").execute();
    const measured = { isPassive: false, checkedAtMs: now(), executionTimeSeconds: 0.5, latencySeconds: 0.25 };
    const nextCheckAtMs = now() + 120_000;
    await storeBatches([batchOf([resultOf(web1?.hostId ?? 0, null, 0, { ...measured, nextCheckAtMs })])]);
    const columns =
      "name check_command check_interval retry_interval max_check_attempts check_period active_checks_enabled execution_time latency next_check";
    assert.deepEqual(await rows(`GET hosts\nColumns: ${columns}`), [
      ["web1", "ping!-H!$HOSTADDRESS$", 2, 0.5, 4, "work", 1, 0.5, 0.25, Math.floor(nextCheckAtMs / 1000)],
      ["web2", "ping!-H!$HOSTADDRESS$", 2, 0.5, 4, "own", 0, 0, 0, 0],
    ]);
    const services = await rows("GET services\nColumns: host_check_command host_max_check_attempts\nLimit: 1");
    assert.deepEqual(services, [["ping!-H!$HOSTADDRESS$", 4]]);
  });

  it("sorts, skips and limits", async () => {
    const { rows } = await fixture(await open());
    const sorted = await rows(
      "GET services\nColumns: host_name description\nSort: description desc\nSort: host_name desc\nOffset: 1\nLimit: 2",
    );
    assert.deepEqual(sorted, [
      ["web1", "s2"],
      ["web2", "s1"],
    ]);
  });

  it("never shows what is stale as fine", async () => {
    const database = await open();
    const { rows, changes } = await fixture(database);
    await database.db.updateTable("service_state").set({ is_stale: 1, version: 99 }).execute();
    changes.publish("services", null);
    assert.deepEqual(await rows("GET services\nColumns: state is_stale\nFilter: state = 0"), []);
    assert.deepEqual(await rows("GET services\nStats: staleness < 1.5\nStats: has_been_checked = 1"), [[0, 4]]);
  });

  it("says what is wrong with a request by code", async () => {
    const { ask } = await fixture(await open());
    for (const [text, code] of [
      ["GET nothing", 404],
      ["GET hosts\nColumns: nothing", 450],
      ["GET hosts\nFilter: nothing = 1", 450],
      ["GET hosts\nStats: sum nothing", 450],
      ["GET hosts\nNonsense: 1", 400],
      ["GET hosts\nFilter: name", 400],
      ["GET hosts\nFilter: name ? x", 400],
      ["GET hosts\nFilter: state = up", 400],
      ["GET hosts\nFilter: name ~ (", 400],
      ["GET hosts\nFilter: name ~ (a)\\1", 400],
      ["GET hosts\nAnd: 2", 400],
      ["GET hosts\nStatsAnd: 1", 400],
      ["GET hosts\nLimit: many", 400],
      ["GET hosts\nOutputFormat: xml", 400],
      ["HELP", 452],
      ["GET", 452],
    ] as const) {
      const answer = await ask(text);
      assert.equal(answer.code, code, `${text}: ${answer.text}`);
    }
  });

  it("answers what is too large or takes too long with 413", async () => {
    const { ask } = await livestatusFixture(await open(), {
      hosts: 1,
      servicesPerHost: 40,
      limits: { answerBytes: 100 },
    });
    assert.equal((await ask("GET services\nColumns: host_name description")).code, 413);
    const slow = await livestatusFixture(await open(), { hosts: 1, servicesPerHost: 40, limits: { queryMs: -100 } });
    assert.equal((await slow.ask("GET services\nColumns: host_name")).code, 413);
  });

  it("waits for a condition and for a trigger, and not for ever", async () => {
    const database = await open();
    const { rows, ids, storeBatches } = await fixture(database);
    const [hostId, serviceId] = [ids[0]?.hostId ?? 0, ids[0]?.serviceIds[0] ?? 0];
    const columns = "GET services\nColumns: state\nFilter: host_name = web1\nFilter: description = s1";
    const waiting = rows(
      `${columns}\nWaitObject: web1;s1\nWaitCondition: state = 2\nWaitTrigger: check\nWaitTimeout: 20000`,
    );
    const trigger = rows(`${columns}\nWaitTrigger: state\nWaitTimeout: 20000`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await storeBatches([batchOf([resultOf(hostId, serviceId, 2, { checkedAtMs: 1_700_000_001_000 })])]);
    assert.deepEqual(await waiting, [[2]]);
    assert.deepEqual(await trigger, [[2]]);
    assert.deepEqual(await rows(`${columns}\nWaitObject: web1 s1\nWaitCondition: state = 0\nWaitTimeout: 20`), [[2]]);
    const controller = new AbortController();
    const { ask } = await fixture(await open());
    const aborted = ask("GET hosts\nWaitTrigger: all", controller.signal);
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(aborted);
  });

  it("shows a contact what rules tell of, a customer's user that customer's hosts, and a stranger nothing", async () => {
    const database = await open();
    const { rows, changes } = await fixture(database);
    const { db } = database;
    const stamps = { created_at_ms: 1, updated_at_ms: 1 };
    const settings_json = '{"parents":["web1"],"probers":["web1"]}';
    await db.updateTable("host").set({ customer: "acme", settings_json }).where("name", "=", "web2").execute();
    const user = { email: "someone@acme.example", name: "Someone", role: "viewer", customer: "acme" };
    await db
      .insertInto("user")
      .values({ ...user, password_hash: "x", is_disabled: 0, ...stamps })
      .execute();
    const contact = { name: "web-team", email: "web@example.org", user_id: null, customer: null, is_enabled: 1 };
    await db
      .insertInto("contact")
      .values({ ...contact, settings_json: "{}", ...stamps })
      .execute();
    const { id: contactId } = await db
      .selectFrom("contact")
      .select("id")
      .where("name", "=", "web-team")
      .executeTakeFirstOrThrow();
    const rule = {
      name: "web",
      selector_json: '{"hosts":["web1"],"services":["s1"]}',
      states_json: '["CRITICAL"]',
      is_enabled: 1,
    };
    await db
      .insertInto("notification_rule")
      .values({ ...rule, settings_json: "{}", ...stamps })
      .execute();
    const { id: ruleId } = await db
      .selectFrom("notification_rule")
      .select("id")
      .where("name", "=", "web")
      .executeTakeFirstOrThrow();
    await db
      .insertInto("notification_rule_contact")
      .values({ notification_rule_id: ruleId, contact_id: contactId })
      .execute();
    changes.publish("definitions", null);
    const seen = async (user: string) =>
      (await rows(`GET services\nColumns: host_name description\nAuthUser: ${user}`)).map((row) => row.join("/"));
    assert.deepEqual(await seen("web-team"), ["web1/s1"]);
    assert.deepEqual(await seen("someone@acme.example"), ["web2/s1", "web2/s2"]);
    assert.deepEqual(await rows("GET services\nColumns: contacts\nFilter: contacts >= web-team"), [[["web-team"]]]);
    const named = "GET hosts\nColumns: parents probers\nFilter: name = web2";
    assert.deepEqual(await rows(named), [[["web1"], ["web1"]]]);
    assert.deepEqual(await rows(`${named}\nAuthUser: someone@acme.example`), [[[], []]]);
    for (const table of [
      "hosts",
      "services",
      "contacts",
      "status",
      "log",
      "hostgroups",
      "downtimes",
      "comments",
      "problems",
      "timeperiods",
      "commands",
      "hostsbygroup",
      "servicesbyhostgroup",
    ]) {
      assert.deepEqual(await rows(`GET ${table}\nAuthUser: stranger\nColumnHeaders: off`), [], table);
    }
    await db.updateTable("user").set({ is_disabled: 1 }).execute();
    assert.deepEqual(await seen("someone@acme.example"), []);
  });

  it("tells the log by time, newest first", async () => {
    const { rows } = await fixture(await open());
    const entries = await rows(
      "GET log\nColumns: class type host_name service_description state state_type options\nFilter: time >= 1699999000\nFilter: class = 1",
    );
    assert.equal(entries.length, 3);
    assert.ok(
      entries.some((entry) => entry.join(";") === "1;SERVICE ALERT;web1;s2;2;HARD;web1;s2;CRITICAL;HARD;1;Broken"),
    );
    assert.deepEqual(await rows("GET log\nColumns: time\nFilter: time < 1699999000"), []);
  });

  it("cuts the past into stretches", async () => {
    const database = await open();
    const { rows, ids, storeBatches, clock, changes } = await fixture(database);
    const [host] = ids;
    clock.nowMs += 600_000;
    await storeBatches([batchOf([resultOf(host?.hostId ?? 0, host?.serviceIds[1] ?? 0, 0)])]);
    clock.nowMs += 300_000;
    const downtime = { selector_json: '{"hosts":["web1"],"services":["s2"]}', comment: "work", author_name: "bob" };
    const times = { start_at_ms: clock.nowMs - 100_000, end_at_ms: clock.nowMs + 60_000, created_at_ms: 1 };
    await database.db
      .insertInto("downtime")
      .values({ ...downtime, ...times, customer: null })
      .execute();
    changes.publish("definitions", null);
    const query =
      "GET statehist\nFilter: time >= 1699999900\nFilter: host_name = web1\nFilter: service_description = s2";
    assert.deepEqual(await rows(`${query}\nColumns: from duration state in_downtime`), [
      [1_699_999_900, 100, -1, 0],
      [1_700_000_000, 600, 2, 0],
      [1_700_000_600, 200, 0, 0],
      [1_700_000_800, 100, 0, 1],
    ]);
    assert.deepEqual(await rows(`${query}\nStats: sum duration_critical\nStats: sum duration_ok`), [[600, 300]]);
  });

  it("shows comments, acknowledgements and downtimes with what they are on", async () => {
    const database = await open();
    const { rows, changes, ids, now } = await fixture(database);
    const { db } = database;
    const hostId = ids[0]?.hostId ?? 0;
    const serviceId = ids[0]?.serviceIds[1] ?? 0;
    await db
      .insertInto("comment")
      .values({ host_id: hostId, service_id: serviceId, author_name: "ann", text: "seen; noted", created_at_ms: now() })
      .execute();
    const downtime = {
      selector_json: '{"hosts":["web1"],"services":["s2"]}',
      start_at_ms: now() - 1000,
      end_at_ms: now() + 60_000,
      comment: "work",
      author_name: "bob",
      customer: null,
    };
    await db
      .insertInto("downtime")
      .values({ ...downtime, created_at_ms: now() - 2000 })
      .execute();
    changes.publish("definitions", null);
    changes.publish("services", [serviceId]);
    assert.deepEqual(
      await rows("GET downtimes\nColumns: author comment host_name service_description fixed duration is_service"),
      [["bob", "work", "web1", "s2", 1, 61, 1]],
    );
    assert.deepEqual(await rows("GET comments\nColumns: author comment host_name service_description entry_type"), [
      ["ann", "seen; noted", "web1", "s2", 1],
    ]);
    assert.deepEqual(
      await rows(
        "GET services\nColumns: scheduled_downtime_depth comments_with_info\nFilter: description = s2\nFilter: host_name = web1",
      ),
      [[1, [[1, "ann", "seen; noted"]]]],
    );
  });

  it("gives instants in the peer's time", async () => {
    const { rows } = await fixture(await open());
    const [ours] = await rows("GET hosts\nColumns: last_check\nFilter: name = web1");
    const ahead = 1_700_000_000 + 7200;
    const [theirs] = await rows(
      `GET hosts\nColumns: last_check\nFilter: last_check >= ${Number(ours?.[0]) + 7200}\nLocaltime: ${ahead}`,
    );
    assert.equal(Number(theirs?.[0]) - Number(ours?.[0]), 7200);
  });
});
