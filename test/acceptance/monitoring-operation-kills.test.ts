// kill -9 around each step of what operators plan. Time is moved by hand, so that a downtime of half an hour passes in a moment.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createFakeClock, FAKETIME_LIBRARY } from "../peers/fake-clock.ts";
import { requirePeer } from "../peers/peer.ts";
import { openMailSink, startServer, temporaryDirectory, waitFor } from "../support/index.ts";

const minute = 60_000;
const start = Date.UTC(2026, 2, 2, 7);
const at = (minutes: number) => start + minutes * minute;
const adminPassword = "as long as it has to be";
const isDead = (process: { readonly child: { readonly signalCode: string | null } }) =>
  process.child.signalCode !== null;

/** A control plane with web1/disk, and ops@example.org who is told of everything; it is killed once while it hands over a mail. */
async function startWorld(t: TestContext, more: readonly object[] = []) {
  const clock = createFakeClock(await temporaryDirectory("operation-kills"), start);
  const sink = await openMailSink();
  const env = { ...clock.environment, MYCLOUD_ADMIN_PASSWORD: adminPassword, MYCLOUD_SMTP_URL: sink.url };
  const server = await startServer(t, { env });
  t.after(() => sink.close());
  let hasDiedOfMail = false;
  sink.judge = async () => {
    if (!hasDiedOfMail) {
      hasDiedOfMail = true;
      await server.kill();
    }
    return null;
  };
  const list = async (path: string) => (await server.api("GET", `/api/v1/${path}?perPage=200`)).body.data;
  const call = async (path: string, body: object, headers?: Record<string, string>) => {
    const request = headers === undefined ? { body } : { body, headers, token: null };
    const answer = await server.api("POST", `/api/v1/${path}`, request);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer;
  };
  /** Starts it; what it does first may be to send the mail with which it is killed. */
  const comeBack = async () => {
    await server.start().catch((error: unknown) => {
      if (!isDead(server.process())) throw error;
    });
    if (isDead(server.process())) await server.start();
  };
  const resources = [
    { kind: "Host", name: "web1", spec: {} },
    { kind: "Service", name: "disk", host: "web1", spec: { maxCheckAttempts: 1 } },
    { kind: "Contact", name: "ops", spec: { email: "ops@example.org" } },
    {
      kind: "NotificationRule",
      name: "all",
      spec: { contacts: ["ops"], states: ["CRITICAL", "RECOVERY", "DOWNTIME"] },
    },
    ...more,
  ];
  await call("apply", { resources, prune: ["NotificationRule"] });
  const told: string[] = [];

  /** Waits until what is told by now, these types of messages, has been sent, and nothing else is. */
  async function assertTold(...types: readonly string[]): Promise<void> {
    told.push(...types);
    const wanted = [...told].sort();
    let seen: string[] = [];
    const isSame = async () => {
      if (isDead(server.process())) await comeBack();
      const rows: { readonly type: string; readonly phase: string }[] = await list("notifications");
      seen = rows.map(({ type, phase }) => (phase === "sent" ? type : `${type} ${phase}`)).sort();
      return String(seen) === String(wanted);
    };
    await waitFor(isSame, 30_000).catch(() => undefined);
    assert.deepEqual(seen, wanted, server.process().stderr());
  }

  return {
    ...{ server, list, call, assertTold },
    /** Lets time go on while nobody is there, and kills whoever comes back somewhere in the middle of catching up. */
    async passTo(minutes: number) {
      await server.kill();
      clock.set(at(minutes));
      await comeBack();
      await sleep(1_000 * Math.random());
      await server.kill();
      await comeBack();
    },
    post: (returnCode: number) => call("check-results", [{ host: "web1", service: "disk", returnCode, output: "bad" }]),
    /** Nothing more comes: each message is one mail, each step one entry in the audit log. */
    async assertOnce(steps: readonly string[]) {
      await sleep(2_500);
      await assertTold();
      const ids = sink.mails.map(({ messageId }) => messageId);
      assert.equal(new Set(ids).size, told.length, "each message is one mail");
      assert.ok(
        ids.length <= told.length + 1,
        "and comes again only when the sender was killed before it could note it",
      );
      const audited: { readonly action: string }[] = await list("audit-entries");
      const own = audited.map(({ action }) => action).filter((action) => /^(downtime|acknowledgement)\./.test(action));
      assert.deepEqual(own.sort(), [...steps].sort());
      const changes: { readonly notificationReason: string | null; readonly isNotified: boolean | null }[] =
        await list("state-changes");
      const held = changes.filter(({ isNotified }) => isNotified === false);
      assert.deepEqual(held, [], "whatever was held back has been told");
    },
  };
}

test("a downtime begins, reminds, ends and has what is still bad told once, however the control plane is killed meanwhile", async (t) => {
  if (!requirePeer(t, FAKETIME_LIBRARY, "faketime")) return;
  const { call, passTo, post, assertTold, assertOnce } = await startWorld(t);
  const selector = { hosts: ["web1"], services: ["disk"] };
  const window = { startAtMs: at(5), endAtMs: at(30), reminderSeconds: 300 };
  await call("downtimes", { selector, ...window, comment: "new disks" });
  await passTo(6);
  await assertTold("DOWNTIMESTART");
  await post(2);
  await passTo(26);
  await assertTold("CUSTOM");
  await passTo(31);
  await assertTold("DOWNTIMEEND", "PROBLEM");
  await assertOnce(["downtime.create", "downtime.start", "downtime.end"]);
});

test("a recurring downtime comes once each time, and so do its steps, however the control plane is killed meanwhile", async (t) => {
  if (!requirePeer(t, FAKETIME_LIBRARY, "faketime")) return;
  const nightly = { selector: { hosts: ["web1"] }, cron: "40 7 * * *", durationSeconds: 600, comment: "backups" };
  const { list, passTo, post, assertTold, assertOnce } = await startWorld(t, [
    { kind: "RecurringDowntime", name: "nightly", spec: nightly },
  ]);
  await passTo(40);
  await assertTold("DOWNTIMESTART");
  await post(2);
  await passTo(50);
  await assertTold("DOWNTIMEEND", "PROBLEM");
  await assertOnce(["downtime.start", "downtime.end"]);
  const planned: { readonly phase: string; readonly startAtMs: number }[] = await list("downtimes");
  assert.deepEqual(planned.map(({ phase, startAtMs }) => `${phase} ${(startAtMs - start) / minute}`).sort(), [
    "expired 40",
    `pending ${24 * 60 + 40}`,
  ]);
});

test("an acknowledgement runs out once and tells who gave it once, however the control plane is killed meanwhile", async (t) => {
  if (!requirePeer(t, FAKETIME_LIBRARY, "faketime")) return;
  const { server, list, call, passTo, post, assertTold, assertOnce } = await startWorld(t);
  await post(2);
  await assertTold("PROBLEM");
  const login = await server.api("POST", "/api/v1/session", {
    token: null,
    body: { email: "admin@localhost", password: adminPassword },
  });
  const cookie = (login.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  const headers = { cookie, "x-csrf-token": login.body.csrfToken };
  const [disk] = await list("services");
  const terms = { comment: "on it", expiresAtMs: at(20), isNotified: false };
  const { body } = await call("acknowledgements", { serviceIds: [disk.id], ...terms }, headers);
  assert.equal(body.done.length, 1, JSON.stringify(body));
  await passTo(10);
  await assertTold();
  await passTo(20);
  await assertTold("CUSTOM");
  await assertOnce(["acknowledgement.create", "acknowledgement.expire"]);
  const [acknowledgement] = await list("acknowledgements");
  assert.equal(acknowledgement.endReason, "expired");
});
