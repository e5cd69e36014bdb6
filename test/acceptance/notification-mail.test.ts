import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { requirePeer } from "../peers/peer.ts";
import { type PostfixPeer, postfixProgram, startPostfix } from "../peers/postfix.ts";
import { freePort, startServer, type TestServer, waitFor } from "../support/index.ts";

interface World {
  readonly server: TestServer;
  readonly postfix: PostfixPeer;
  /** Posts a result of web1/disk (or the given service) a moment later than the one before. */
  post(returnCode: number, service?: string): Promise<void>;
  serviceId(name?: string): Promise<number>;
  mails(count: number, timeoutMs?: number): Promise<string[]>;
}

/** A control plane that mails to a private postfix, and a passive service web1/disk that needs two bad results to be HARD. */
async function startWorld(
  t: TestContext,
  { mailboxes = ["anna"], isTls = false }: { readonly mailboxes?: readonly string[]; readonly isTls?: boolean } = {},
): Promise<World | null> {
  if (!requirePeer(t, postfixProgram, "postfix")) return null;
  if (process.getuid?.() !== 0) {
    t.skip("postfix only starts as root");
    return null;
  }
  const postfix = await startPostfix(await freePort(), mailboxes, { isTls });
  t.after(() => postfix.stop());
  const server = await startServer(t, {
    env: {
      MYCLOUD_SMTP_URL: isTls ? `${postfix.url}?tls=required&ca=${postfix.certificateFile}` : postfix.url,
      MYCLOUD_ADMIN_EMAIL: "anna@example.org",
      MYCLOUD_MAIL_FROM: "mycloud@example.org",
      MYCLOUD_PUBLIC_URL: "https://monitor.example.org",
    },
  });
  const definitions = [
    { kind: "Host", name: "web1", spec: {} },
    { kind: "Service", name: "disk", host: "web1", spec: { maxCheckAttempts: 2 } },
  ];
  const applied = await server.api("POST", "/api/v1/apply", { body: { resources: definitions } });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
  return {
    server,
    postfix,
    async post(returnCode, service = "disk") {
      const output =
        returnCode === 0 ? "DISK OK | /=40%;80;90" : "DISK CRITICAL - / is 97% full\nold logs: 12 GB | /=97%;80;90";
      const answer = await server.api("POST", "/api/v1/check-results", {
        body: [{ host: "web1", service, returnCode, output }],
      });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    },
    async serviceId(name = "disk") {
      const filter = encodeURIComponent(JSON.stringify({ name }));
      const services = await server.api("GET", `/api/v1/services?filter=${filter}`);
      return services.body.data[0].id;
    },
    async mails(count, timeoutMs = 20_000) {
      return await waitFor(
        async () => {
          const all = await postfix.mailsOf("anna");
          return all.length >= count && all;
        },
        timeoutMs,
        `${count} mails`,
      );
    },
  };
}

function header(mail: string, name: string): string | undefined {
  const head = mail.slice(0, mail.indexOf("\n\n")).replaceAll(/\r?\n[ \t]+/g, " ");
  return new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]?.trim();
}

/** The decoded text part: quoted-printable as nodemailer writes it. */
function textPart(mail: string): string {
  const body = mail.replaceAll("\r", "");
  const boundary = /boundary="([^"]+)"/.exec(body)?.[1] ?? "none";
  const section = body.split(`--${boundary}`).find((one) => one.includes("Content-Type: text/plain")) ?? "";
  const part = section.slice(section.indexOf("\n\n") + 2);
  return part
    .replaceAll("=\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

test("a problem, its acknowledgement and its recovery arrive as one thread that says everything", async (t) => {
  const world = await startWorld(t);
  if (world === null) return;
  const { server, post, mails, serviceId } = world;
  await post(0);
  await post(2);
  const soft = await server.api("GET", "/api/v1/notifications");
  assert.equal(soft.body.total, 0, "a SOFT state is told to nobody");
  await post(2);
  const [problem] = await mails(1);
  assert.ok(problem);
  const id = await serviceId();
  assert.equal(header(problem, "Subject"), "[MyCloud] CRITICAL web1/disk: / is 97% full");
  assert.equal(header(problem, "Auto-Submitted"), "auto-generated");
  assert.equal(header(problem, "X-Auto-Response-Suppress"), "All");
  assert.match(String(header(problem, "List-Id")), /<notifications\.example\.org>/);
  assert.match(String(header(problem, "Content-Type")), /^multipart\/alternative/);
  assert.ok(header(problem, "Date"));
  const text = textPart(problem);
  for (const words of [
    "CRITICAL: web1/disk",
    "DISK CRITICAL - / is 97% full",
    "old logs: 12 GB",
    "- / is 97%, above the critical 90",
    `https://monitor.example.org/#/services/${id}/show`,
    "attempt 2 of 2",
    "DISK OK",
    'by rule "everything to the administrator"',
  ]) {
    assert.ok(text.includes(words), `${words} in\n${text}`);
  }

  const body = { serviceIds: [id], comment: "cleaning up" };
  const acknowledged = await server.api("POST", "/api/v1/acknowledgements", { body });
  assert.equal(acknowledged.body.done.length, 1, JSON.stringify(acknowledged.body));
  await mails(2);
  await post(0);
  const thread = await mails(3);
  const first = header(problem, "Message-ID");
  assert.match(String(first), /^<problem-\d+\.\d+-0\.\w+@example\.org>$/);
  for (const later of thread.filter((mail) => mail !== problem)) {
    assert.equal(header(later, "References"), first);
    assert.equal(header(later, "In-Reply-To"), first);
    assert.equal(header(later, "Subject"), "Re: [MyCloud] CRITICAL web1/disk: / is 97% full");
  }
  assert.ok(thread.some((mail) => textPart(mail).includes("cleaning up")));
  assert.ok(thread.some((mail) => /RECOVERED: web1\/disk is OK/.test(textPart(mail))));

  const refused = await server.api("POST", "/api/v1/acknowledgements", { body });
  assert.match(refused.body.refused[0].message, /web1\/disk is OK; only a problem can be acknowledged/);
});

test("mail waits while postfix is stopped and arrives after it is back", async (t) => {
  const world = await startWorld(t);
  if (world === null) return;
  const { server, post, mails, postfix } = world;
  await postfix.stop();
  await post(2);
  await post(2);
  const waiting = await waitFor(async () => {
    const answer = await server.api("GET", "/api/v1/notifications");
    return answer.body.data.find((one: { lastError: string | null }) => one.lastError !== null);
  }, 10_000);
  assert.equal(waiting.phase, "queued");
  assert.match(waiting.lastError, /ECONNREFUSED/);
  await postfix.start();
  assert.equal((await mails(1, 40_000)).length, 1);
});

test("an address the mail server refuses is dead, with its words", async (t) => {
  const world = await startWorld(t, { mailboxes: ["somebody-else"] });
  if (world === null) return;
  const { server, post } = world;
  await post(2);
  await post(2);
  const dead = await waitFor(async () => {
    const answer = await server.api("GET", "/api/v1/notifications");
    return answer.body.data[0]?.phase === "dead" && answer.body.data[0];
  }, 20_000);
  assert.match(dead.lastError, /550.*anna@example\.org/);
});

test("a control plane killed between the result and the mail sends it after the restart", async (t) => {
  const world = await startWorld(t);
  if (world === null) return;
  const { server, post, mails, postfix } = world;
  await post(2);
  await post(2);
  await server.kill();
  const sentBefore = (await postfix.mailsOf("anna")).length;
  await server.start();
  // What it had claimed is free again when the claim runs out, so this takes up to three minutes when the kill hit that moment.
  const all = await mails(1, 200_000);
  t.diagnostic(`${sentBefore} before the kill, ${all.length} in the end`);
  assert.equal(new Set(all.map((mail) => header(mail, "Message-ID"))).size, 1);
});

test("every HARD problem was told or has exactly one reason", async (t) => {
  const world = await startWorld(t);
  if (world === null) return;
  const { server, post, serviceId } = world;
  const nowMs = Date.now();
  const downtime = {
    selector: { hosts: ["web1"] },
    startAtMs: nowMs - 1000,
    endAtMs: nowMs + 600_000,
    comment: "new disks",
  };
  await post(2);
  await post(2);
  await post(0);
  const planned = await server.api("POST", "/api/v1/downtimes", { body: downtime });
  assert.equal(planned.status, 200, JSON.stringify(planned.body));
  await post(2);
  await post(2);
  const filter = encodeURIComponent(JSON.stringify({ serviceId: await serviceId(), stateType: "HARD", kind: "state" }));
  const changes = await server.api("GET", `/api/v1/state-changes?sort=id&filter=${filter}`);
  assert.equal(changes.status, 200, JSON.stringify(changes.body));
  const bad = changes.body.data.filter((change: { toState: string }) => change.toState !== "OK");
  const outcomes = bad.map(
    (change: { notification: { isNotified: boolean; reason: string } | null }) => change.notification?.reason,
  );
  assert.deepEqual(outcomes, ["notified", "in-downtime"]);

  const cancelled = await server.api("POST", `/api/v1/downtimes/${planned.body.id}/cancel`);
  assert.equal(cancelled.status, 200, JSON.stringify(cancelled.body));
  const told = await waitFor(async () => {
    const answer = await server.api("GET", "/api/v1/notifications?sort=id");
    return answer.body.total === 3 && answer.body.data;
  }, 15_000);
  assert.deepEqual(
    told.map((one: { type: string }) => one.type),
    ["PROBLEM", "RECOVERY", "PROBLEM"],
  );
});

test("mail to a server that insists on TLS is encrypted, and its certificate is verified", async (t) => {
  const world = await startWorld(t, { isTls: true });
  if (world === null) return;
  await world.post(2);
  await world.post(2);
  const [mail] = await world.mails(1);
  assert.match(String(mail), /with ESMTPS/);
});
