import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import type { Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Acknowledgement } from "@mycloud/protocol/acknowledgement";
import type { AuditEntry } from "@mycloud/protocol/audit";
import type { Problem } from "@mycloud/protocol/problem";
import type { Service } from "@mycloud/protocol/service";
import type { StateChange } from "@mycloud/protocol/state-change";
import {
  assertRising,
  type NumberedPlugin,
  seededRandom,
  sendNumberedResults,
  storedNumbers,
  testSeed,
  writeNumberedPlugin,
} from "../numbered-results/index.ts";
import { type MailMessage, parseMailMessage } from "../peers/mail-message.ts";
import { type PostfixPeer, startPostfix } from "../peers/postfix.ts";
import {
  cleanupOfSuite,
  type FollowedEvents,
  followEvents,
  freePort,
  startInstance,
  type TestInstance,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";
import { close, counted, definitions, hindrance, listen } from "../whole-story/index.ts";

// One instance lives through all of this, in order: what `npm start` gives a person, and what then happens to it.
describe("the whole story of a host that is watched", { skip: hindrance() }, () => {
  const cleanup = cleanupOfSuite();
  let mycloud: TestInstance;
  let postfix: PostfixPeer;
  let events: FollowedEvents;
  let plugin: NumberedPlugin;
  let port: number;
  let listener: Server;

  before(async () => {
    postfix = await startPostfix(await freePort(), ["oncall"]);
    cleanup.after(() => postfix.stop());
    mycloud = await startInstance(cleanup, {
      env: { MYCLOUD_SMTP_URL: postfix.url, MYCLOUD_MAIL_FROM: "mycloud@example.org" },
    });
    events = await followEvents(cleanup, mycloud.url, mycloud.operatorToken);
    port = await freePort();
    listener = await listen(port);
    cleanup.after(() => close(listener));
    plugin = await writeNumberedPlugin(await temporaryDirectory("plugin"));
  });

  async function rows<Row>(resource: string, filter: object, sort = "id"): Promise<Row[]> {
    const query = new URLSearchParams({ filter: JSON.stringify(filter), sort, perPage: "1000" });
    const { status, body } = await mycloud.api("GET", `/api/v1/${resource}?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data;
  }
  async function service(name: string, host = hostname()): Promise<Service | undefined> {
    return (await rows<Service>("services", { hostName: host, name })).find((row) => row.name === name);
  }
  const reaches = (name: string, what: (row: Service) => boolean, timeoutMs: number) =>
    waitFor(
      async () => {
        const row = await service(name);
        return row !== undefined && what(row) ? row : undefined;
      },
      timeoutMs,
      `${name} to get there`,
    );
  const mails = async (): Promise<MailMessage[]> => (await postfix.mailsOf("oncall")).map(parseMailMessage);
  const nextMail = (count: number) =>
    waitFor(async () => (await mails())[count - 1], 20_000, `mail ${count}`).catch(async (error: unknown) => {
      throw new Error(`${error}\n${await postfix.log()}\n${mycloud.process().stderr().slice(-4000)}`);
    });

  test("this machine is UP within a minute, with services that say something", async () => {
    const host = await waitFor(
      async () => (await rows<{ name: string; state: string }>("hosts", {})).find(({ state }) => state === "UP"),
      60_000,
      "the host to be UP",
    );
    assert.equal(host.name, hostname());
    const services = await waitFor(
      async () => {
        const all = await rows<Service>("services", { hostName: hostname() });
        return all.length > 3 && all.every(({ state }) => state !== "PENDING") ? all : undefined;
      },
      90_000,
      "every service to have a result",
    );
    for (const { name, output } of services) assert.notEqual(output, "", `${name} says nothing`);
  });

  test("definitions in a file become services of this host, and run", async () => {
    const file = join(await temporaryDirectory("definitions"), "story.yaml");
    await writeFile(file, definitions(port, plugin.path));
    const { code, stderr } = await mycloud.command("apply", "-f", file);
    assert.equal(code, 0, stderr);
    await reaches("story-port", ({ state, stateType }) => state === "OK" && stateType === "HARD", 30_000);
  });

  test("a port that closes is SOFT, then HARD, and a mail says why", async () => {
    const heardBefore = events.heard.length;
    await close(listener);
    const soft = await reaches("story-port", ({ state }) => state === "CRITICAL", 20_000);
    assert.equal(soft.stateType, "SOFT");
    assert.equal(soft.attempt, 1);
    assert.equal((await mails()).length, 0, "a SOFT state told somebody");
    const hard = await reaches("story-port", ({ stateType }) => stateType === "HARD", 20_000);
    assert.equal(hard.attempt, 2);
    assert.notEqual(hard.problemId, null);

    const news = events.heard.slice(heardBefore);
    for (const type of ["services", "state-changes"] as const)
      assert.ok(
        news.some((event) => event.type === type && (type !== "services" || event.ids?.includes(hard.id) !== false)),
        `no live event ${type}`,
      );

    const mail = await nextMail(1);
    assert.match(mail.headers.get("subject") ?? "", new RegExp(`^\\[MyCloud\\] CRITICAL ${hostname()}/story-port`));
    assert.equal(mail.headers.get("auto-submitted"), "auto-generated");
    assert.ok(mail.text.includes(hard.output), `the mail does not say "${hard.output}":\n${mail.text}`);
    assert.ok(mail.text.includes(mycloud.url), "the mail has no link to the console");
    assert.match(mail.text, /story-rule/, "the mail does not say why it was sent");
    assert.match(mail.html, /CRITICAL/);
  });

  test("an acknowledgement from the command line is told in the same thread, and keeps the problem quiet", async () => {
    const { code, stderr } = await mycloud.command(
      "acknowledge",
      `${hostname()}/story-port`,
      "-m",
      "cable is being changed",
    );
    assert.equal(code, 0, stderr);
    const [first, second] = [await nextMail(1), await nextMail(2)];
    assert.ok(second.text.includes("cable is being changed"), second.text);
    assertSameThread(first, second);
    assert.equal((await service("story-port"))?.isAcknowledged, true);
  });

  test("the recovery is told in the same thread, and ends problem and acknowledgement", async () => {
    listener = await listen(port);
    const recovered = await reaches("story-port", ({ state }) => state === "OK", 20_000);
    assert.equal(recovered.problemId, null);
    assert.equal(recovered.isAcknowledged, false);
    const [first, third] = [await nextMail(1), await nextMail(3)];
    assertSameThread(first, third);
    assert.ok(third.text.includes(recovered.output), third.text);
  });

  test("history, problem and audit log tell what happened", async () => {
    const { id } = (await service("story-port")) ?? assert.fail();
    const changes = await rows<StateChange>("state-changes", { serviceId: id });
    assert.deepEqual(
      changes.map(({ fromState, toState, stateType }) => `${fromState} ${toState} ${stateType}`),
      ["OK CRITICAL SOFT", "CRITICAL CRITICAL HARD", "CRITICAL OK HARD"],
    );
    const hard = changes[1] ?? assert.fail();
    assert.ok(hard.notification?.contactNames.includes("story-oncall"), JSON.stringify(hard.notification));
    const [problemId] = changes.map((change) => change.problemId).filter((id) => id !== null);
    assert.notEqual(problemId, undefined);
    assert.equal(changes.at(-1)?.problemId, problemId, "the recovery belongs to another problem");
    const open = await rows<Problem>("problems", { hostId: changes[0]?.hostId }, "startedAtMs");
    assert.equal(
      open.find(({ serviceId }) => serviceId === id),
      undefined,
      "the problem is still open",
    );
    const acknowledgements = await rows<Acknowledgement>("acknowledgements", { serviceId: id });
    assert.deepEqual(
      acknowledgements.map(({ endReason, comment }) => `${endReason}: ${comment}`),
      ["recovered: cable is being changed"],
    );
    const actions = (await rows<AuditEntry>("audit-entries", {})).map(({ action }) => action);
    for (const action of [
      "agent.enrol",
      "enrolment-token.create",
      "check.create",
      "contact.create",
      "notification-rule.create",
      "acknowledgement.create",
    ])
      assert.ok(actions.includes(action), `the audit log has no ${action}: ${[...new Set(actions)].join(" ")}`);
  });

  test("kill -9 of control plane and agent loses and doubles nothing that was acknowledged", {
    timeout: 300_000,
  }, async (t) => {
    const seed = testSeed();
    t.diagnostic(`MYCLOUD_TEST_SEED=${seed}`);
    const random = seededRandom(seed);
    const passive = ["passive-1", "passive-2", "passive-3"];
    const done = new AbortController();
    const sending = sendNumberedResults(mycloud.api, "elsewhere", passive, seededRandom(seed + 1), done.signal);
    const agentKills: number[] = [];
    try {
      for (const victim of ["server", "agent", "server", "pause", "agent", "server"] as const) {
        await sleep(2_000 + 4_000 * random());
        if (victim === "pause") await pause(await mycloud.pidOf("server"), 8_000);
        else await killNine(victim);
        if (victim === "agent") agentKills.push(Date.now());
      }
      await sleep(5_000);
    } finally {
      done.abort();
    }
    const report = await sending;
    t.diagnostic(
      `passive: ${JSON.stringify([...report.acknowledged.values()])} acknowledged, ${report.repeated} repeated, ${report.duplicates} known`,
    );
    assert.ok(report.repeated > 0, "no request was ever in doubt: the kills proved nothing");

    for (const [name, count] of report.acknowledged) {
      const { id } = (await service(name, "elsewhere")) ?? assert.fail(`${name} is missing`);
      const numbers = (await storedNumbers(mycloud.api, id)).map(({ number }) => number);
      assert.deepEqual(
        numbers,
        Array.from({ length: count }, (_, index) => index + 1),
        `${name}: what is stored is not what was acknowledged`,
      );
    }
    for (const name of counted) {
      const { id } = (await service(name)) ?? assert.fail(`${name} is missing`);
      const newest = (await plugin.runs(name)).at(-1)?.number ?? 0;
      assert.ok(newest > 5, `${name} hardly ran`);
      const stored = await waitFor(
        async () => {
          const all = await storedNumbers(mycloud.api, id);
          return (all.at(-1)?.number ?? 0) >= newest ? all : undefined;
        },
        45_000,
        `the agent to catch up with ${name}`,
      );
      assertRising(stored, name);
      const arrived = new Set(stored.map(({ number }) => number));
      for (const { number, atMs } of await plugin.runs(name)) {
        // What an agent measured becomes durable when it is in its spool, within a second: a kill may take that second with it. The plugin writes its time
        // down before it has said anything, and beside other tests it, the agent and the disk each wait for their turn.
        const wasInMemory = agentKills.some((killedAtMs) => atMs > killedAtMs - 5_000 && atMs <= killedAtMs + 500);
        const beforeKills = agentKills.map((killedAtMs) => killedAtMs - atMs);
        const isKept = arrived.has(number) || wasInMemory || number > newest;
        assert.ok(
          isKept,
          `${name}: run ${number} is lost, ${beforeKills.join(" and ")} ms before the agent was killed`,
        );
      }
    }
    const hostChanges = await rows<StateChange>("state-changes", { serviceId: null });
    assert.deepEqual(
      hostChanges.filter(({ toState }) => toState !== "UP"),
      [],
      "a host was called down that was not",
    );
  });

  test("everything is there after a stop and a start", { timeout: 300_000 }, async () => {
    const before = await contents();
    const startedStoppingAt = performance.now();
    const { code } = await mycloud.stop();
    // A control plane that cannot end within five seconds says so by its code; what is left of the time belongs to other tests.
    assert.equal(code, 0);
    assert.ok(performance.now() - startedStoppingAt < 20_000, "stopping took 20 s or more");
    await mycloud.start();
    const after = await contents();
    for (const [what, values] of Object.entries(before)) {
      const kept = new Set(after[what]);
      assert.deepEqual(
        values.filter((value) => !kept.has(value)),
        [],
        `${what} got lost`,
      );
    }
    const newest = (await plugin.runs("counter-1")).at(-1)?.number ?? 0;
    const { id } = (await service("counter-1")) ?? assert.fail();
    await waitFor(
      async () => ((await storedNumbers(mycloud.api, id)).at(-1)?.number ?? 0) > newest,
      30_000,
      "the agent to go on",
    );
    assert.equal((await rows("hosts", { name: hostname() })).length, 1, "this host was enrolled twice");
    assert.equal((await mails()).length, 3, "a restart sent mail");
  });

  async function contents(): Promise<Record<string, string[]>> {
    const result: Record<string, string[]> = {};
    for (const resource of [
      "hosts",
      "services",
      "checks",
      "contacts",
      "notification-rules",
      "users",
      "state-changes",
      "notifications",
      "audit-entries",
    ])
      result[resource] = (await rows<{ id: number }>(resource, {})).map(({ id }) => `${resource} ${id}`);
    const { id } = (await service("counter-1")) ?? assert.fail();
    result["check-results"] = (await storedNumbers(mycloud.api, id)).map(({ number }) => String(number));
    return result;
  }

  /** SIGKILL, and waits until `mycloud up` has put another one in its place. */
  async function killNine(role: "server" | "agent"): Promise<void> {
    const pid = await mycloud.pidOf(role);
    process.kill(pid, "SIGKILL");
    await waitFor(async () => (await mycloud.pidOf(role)) !== pid, 45_000, `another ${role}`);
    if (role === "server")
      await waitFor(async () => (await fetch(`${mycloud.url}/readyz`)).status === 200, 30_000, "the control plane");
  }
});

/** Stops a process for a while without its knowing: its clients wait for answers that it may have decided on already. */
async function pause(pid: number, milliseconds: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await sleep(milliseconds);
  process.kill(pid, "SIGCONT");
}

function assertSameThread(first: MailMessage, later: MailMessage): void {
  const opening = first.headers.get("message-id") ?? assert.fail("the first mail has no Message-ID");
  assert.ok(later.headers.get("references")?.includes(opening), "the mail is not in the thread of the first");
  assert.equal(later.headers.get("subject"), `Re: ${first.headers.get("subject")}`);
}
