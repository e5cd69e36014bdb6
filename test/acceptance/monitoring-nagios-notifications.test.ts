import assert from "node:assert/strict";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { collectFaults, expandConfiguration } from "@mycloud/checks/nagios-objects";
import { mapConfiguration, readNagiosFiles } from "../../agent/src/nagios-import/index.ts";
import { type SteppedApp, startSteppedApp } from "../../control-plane/src/testing/index.ts";
import { seededRandom } from "../numbered-results/random.ts";
import { createFakeClock, FAKETIME_LIBRARY } from "../peers/fake-clock.ts";
import { NAGIOS_PROGRAM, type Nagios, startNagios } from "../peers/nagios.ts";
import { compareDay, type KnownDifference } from "../peers/nagios-day/compare.ts";
import { chooseObjects, type DayObject, describeDay } from "../peers/nagios-day/configuration.ts";
import { type DayMessage, readTold, stepNagios } from "../peers/nagios-day/run-day.ts";
import { parseNagiosLog } from "../peers/nagios-files.ts";
import { requirePeer } from "../peers/peer.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const minute = 60_000;
/** A Monday an hour before some people's working hours begin. */
const start = Date.UTC(2026, 2, 2, 7);

function nameOf({ host, service }: { readonly host: string; readonly service: string | null }): string {
  return service === null ? host : `${host}/${service}`;
}

/** What happens in each minute: a result of everything, hosts first, and now and then what an operator does. */
function* chooseCommands(random: () => number, objects: readonly DayObject[], minutes: number): Generator<string[]> {
  const lively = objects.map((object) => ({ object, restlessness: random() * 0.3, code: 0 }));
  const later = new Map<number, string[]>();
  for (let at = 1; at <= minutes; at++) {
    const commands: string[] = [];
    for (const one of lively) {
      const { host, service } = one.object;
      if (random() < 0.02) one.restlessness = random() ** 2 * 0.8;
      if (random() < one.restlessness * (service === null ? 0.3 : 1)) {
        const bad = service === null ? 1 : ([1, 2, 2, 3][Math.floor(random() * 4)] ?? 2);
        one.code = random() < 0.45 ? 0 : bad;
      }
      const code = at === 1 ? 0 : one.code;
      commands.push(
        service === null
          ? `PROCESS_HOST_CHECK_RESULT;${host};${code};code ${code}`
          : `PROCESS_SERVICE_CHECK_RESULT;${host};${service};${code};code ${code}`,
      );
    }
    commands.push(...(later.get(at) ?? []));
    for (const { object } of lively) {
      if (at <= 3 || random() > 0.03) continue;
      const kind = object.service === null ? "HOST" : "SVC";
      const of = object.service === null ? object.host : `${object.host};${object.service}`;
      const from = start / 1000 + 60 * (at + Math.floor(random() * 4));
      const until = from + 60 * (3 + Math.floor(random() * 25));
      const choices = [
        `ACKNOWLEDGE_${kind}_PROBLEM;${of};2;1;0;emil;on it`,
        `ACKNOWLEDGE_${kind}_PROBLEM;${of};1;0;0;emil;on it`,
        `REMOVE_${kind}_ACKNOWLEDGEMENT;${of}`,
        `SCHEDULE_${kind}_DOWNTIME;${of};${from};${until};1;0;0;emil;new disks`,
        `DEL_DOWNTIME_BY_HOST_NAME;${of}`,
        `SEND_CUSTOM_${kind}_NOTIFICATION;${of};0;emil;hello`,
        `DISABLE_${kind}_NOTIFICATIONS;${of}`,
      ];
      const choice = choices[Math.floor(random() * choices.length)] ?? "";
      commands.push(choice);
      if (choice.startsWith("DISABLE"))
        later.set(at + 5, [...(later.get(at + 5) ?? []), choice.replace("DISABLE", "ENABLE")]);
    }
    yield commands;
  }
}

/** nagios' own files, imported. */
async function importInto({ app }: SteppedApp, nagios: Nagios): Promise<void> {
  const found = collectFaults();
  const files = await readNagiosFiles(path.join(nagios.directory, "nagios.cfg"), found);
  const reading = { isShinken: false, hasRegexMatching: false, hasTrueRegexMatching: false };
  const options = { isShinken: false, allowShell: false, probers: [], timeZone: "UTC" };
  const { resources } = mapConfiguration(expandConfiguration(files.objects, reading, found), files, reading, options);
  const answer = await app.call("POST", "/api/v1/apply", { body: { resources, prune: ["NotificationRule"] } });
  assert.equal(answer.status, 200, answer.text);
}

async function readOurs({ app }: SteppedApp): Promise<DayMessage[]> {
  const rows = await app.app
    .core!.database.db.selectFrom("notification")
    .innerJoin("host", "host.id", "notification.host_id")
    .leftJoin("service", "service.id", "notification.service_id")
    .select(["notification.created_at_ms", "type", "state", "contact_name", "number"])
    .select(["host.name as host", "service.name as service"])
    .orderBy("notification.id")
    .execute();
  return rows.map((row) => ({
    atMs: row.created_at_ms,
    type: row.type,
    object: nameOf(row),
    state: row.state,
    contact: row.contact_name,
    number: row.number,
  }));
}

/** Every HARD bad state either told somebody or has the one reason why not. */
async function assertEveryReason({ app }: SteppedApp): Promise<void> {
  const rows = await app.app
    .core!.database.db.selectFrom("state_change")
    .select(["to_state", "is_notified", "notification_reason"])
    .where("kind", "=", "state")
    .where("is_hard", "=", 1)
    .where("to_state", "not in", ["OK", "UP"])
    .execute();
  assert.ok(rows.length > 50, `only ${rows.length} HARD bad states`);
  for (const row of rows)
    assert.equal(row.is_notified === 1, row.notification_reason === "notified", JSON.stringify(row));
  assert.deepEqual(
    rows.filter(({ notification_reason }) => notification_reason === null),
    [],
  );
}

/** When hosts were not UP, and when nagios took the end of a HARD problem for a SOFT one, by the log. */
function readLog(log: string) {
  const changes = Array.from(log.matchAll(/^\[(\d+)\] HOST ALERT: ([^;]+);(\w+);/gm), ([, at, host, state]) => ({
    atMs: Number(at) * 1000,
    host,
    isDown: state !== "UP",
  }));
  return {
    isHostDown: (host: string, atMs: number) =>
      changes.filter((change) => change.host === host && change.atMs <= atMs).at(-1)?.isDown ?? false,
    alertsAt: ({ host, service }: DayObject) => {
      const kind = service === null ? "HOST" : "SERVICE";
      const of = `${kind} ALERT: ${host};${service === null ? "" : `${service};`}`;
      return new Set(
        log.split("\n").flatMap((line) => (line.includes(` ${of}`) ? Number(line.slice(1, 11)) * 1000 : [])),
      );
    },
    softRecoveries: (object: DayObject) =>
      Array.from(log.matchAll(/^\[(\d+)\] SERVICE ALERT: ([^;]+);([^;]+);OK;SOFT;/gm))
        .filter(([, , host, service]) => host === object.host && service === object.service)
        .map(([, at]) => Number(at) * 1000),
  };
}

async function compareWithNagios(t: TestContext, seed: number, minutes: number): Promise<void> {
  const random = seededRandom(seed);
  const objects = chooseObjects(random, 4, 4);
  const clock = createFakeClock(await temporaryDirectory("nagios-day"), start);
  const settings = { enable_notifications: 1, interval_length: 60, notification_timeout: 600 };
  const nagios = await startNagios([], settings, describeDay(objects), clock);
  t.after(() => nagios.stop());
  const stepped = await startSteppedApp(start, { settings: { smtpUrl: "smtp://127.0.0.1:9" } });
  t.after(() => stepped.app.stop());
  await importInto(stepped, nagios);

  const lifted = new Map<string, Set<number>>();
  let atMs = start;
  for (const commands of chooseCommands(random, objects, minutes)) {
    atMs += minute;
    for (const command of commands) {
      const of = /^(?:ENABLE|REMOVE|DEL)_[^;]*;(.*)$/.exec(command)?.[1]?.replace(";", "/");
      if (of !== undefined) lifted.set(of, (lifted.get(of) ?? new Set()).add(atMs));
    }
    await stepNagios(nagios, clock, atMs, commands);
    stepped.moveTo(atMs);
    const body = { commands: commands.map((command) => `[${atMs / 1000}] ${command}`) };
    assert.equal((await stepped.app.call("POST", "/api/v1/external-commands", { body })).status, 200);
    await stepped.settle();
  }

  await assertEveryReason(stepped);
  const log = await nagios.settleLog();
  const { isHostDown, alertsAt, softRecoveries } = readLog(log);
  const [theirs, ours] = [await readTold(nagios), await readOurs(stepped)];
  let same = 0;
  const known = new Map<KnownDifference, number>();
  const unexplained: string[] = [];
  for (const object of objects) {
    const name = nameOf(object);
    const compared = compareDay({
      theirs: theirs.filter((message) => message.object === name),
      ours: ours.filter((message) => message.object === name),
      stepMs: minute,
      alertsAt: alertsAt(object),
      liftedAt: lifted.get(name) ?? new Set(),
      isHostDown: (at) => object.service !== null && isHostDown(object.host, at),
      softRecoveries: softRecoveries(object),
    });
    same += compared.same;
    for (const [why, count] of compared.known) known.set(why, (known.get(why) ?? 0) + count);
    unexplained.push(...compared.unexplained.map((line) => `${name}: ${line}`));
  }
  t.diagnostic(
    `${same} of ${theirs.length} messages alike; ${[...known].map(([why, count]) => `${count} ${why}`).join(", ")}`,
  );
  assert.deepEqual(unexplained, []);
  assert.ok(parseNagiosLog(log).length > 100 && theirs.length > 80, `only ${theirs.length} messages`);
  assert.ok(same > 0.8 * theirs.length, `only ${same} of ${theirs.length} messages are alike`);
}

for (const seed of [2, 4]) {
  test(`an imported configuration tells the same people of the same things as nagios4 (${seed})`, {
    timeout: 300_000,
  }, async (t) => {
    if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
    if (!requirePeer(t, FAKETIME_LIBRARY, "faketime")) return;
    await compareWithNagios(t, seed, 150);
  });
}
