import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, it } from "node:test";
import { generateSync } from "otplib";
import { createUnsubscribeSecrets } from "../account-mail/index.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { newestLink, startTestApp, type TestApp, waitingMails } from "../testing/index.ts";

const password = "long enough password";

forEachDialect((dialect, open) => {
  let testApp: TestApp;
  let nowMs = Date.now();
  before(async () => {
    const now = () => nowMs;
    const settings = { registration: "open", smtpUrl: "smtp://127.0.0.1:9" } as const;
    if (dialect === "mariadb") await open();
    testApp = await startTestApp(
      dialect === "mariadb" ? { now, settings, databaseUrl: open.location() } : { now, settings },
    );
  });
  after(() => testApp.stop());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    testApp.call("POST", `/api/v1/${path}`, { token: null, body, headers });
  const sessionOf = (answer: Awaited<ReturnType<typeof post>>) => ({
    cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "",
    "x-csrf-token": answer.body.csrfToken as string,
  });
  const register = async (email: string, title = "Example Ltd") => {
    assert.equal((await post("registrations", { email, title })).status, 202);
    const secret = await newestLink(testApp, email);
    const answer = await post("registrations/complete", { secret, name: "Ann", password });
    assert.equal(answer.status, 200, answer.text);
    return { secret, user: answer.body.user, headers: sessionOf(answer) };
  };
  const logIn = (email: string, secret = password) => post("session", { email, password: secret });
  const codeOf = (secret: string) => generateSync({ secret, epoch: Math.floor(nowMs / 1000) });
  const nextCode = () => {
    nowMs += 30_000;
  };

  it("a registration makes an organisation and its owner once the link was used, once", async () => {
    const { secret, user, headers } = await register("ann@example.org", "Müller GmbH");
    assert.deepEqual([user.role, user.customer, user.name], ["admin", "muller-gmbh", "Ann"]);
    const organisation = await testApp.call("GET", "/api/v1/organisation", { headers });
    assert.deepEqual([organisation.body.title, organisation.body.contactEmail], ["Müller GmbH", "ann@example.org"]);
    const again = await post("registrations/complete", { secret, name: "Eve", password });
    assert.equal(again.status, 401);
    assert.match(again.body.error.message, /used already/);
    assert.equal((await register("ann2@example.org", "Müller GmbH")).user.customer, "muller-gmbh-2");
  });

  it("a link used by two at once lets one in", async () => {
    await post("registrations", { email: "race@example.org", title: "Race" });
    const secret = await newestLink(testApp, "race@example.org");
    const answers = await Promise.all(
      [1, 2, 3].map(() => post("registrations/complete", { secret, name: "R", password })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401]);
  });

  it("a known and an unknown address get the same answer, and a known one is told by mail", async () => {
    const strip = ({ status, text }: { status: number; text: string }) => [status, text];
    const [known, unknown] = [
      await post("registrations", { email: "ann@example.org", title: "X" }),
      await post("registrations", { email: "nobody1@example.org", title: "X" }),
    ];
    assert.deepEqual(strip(known), strip(unknown));
    const [last] = (await waitingMails(testApp, "ann@example.org")).slice(-1);
    assert.equal(last?.subject, "You have an account already");
    const resets = [
      await post("password-resets", { email: "ann@example.org" }),
      await post("password-resets", { email: "nobody2@example.org" }),
    ];
    assert.deepEqual(strip(resets[0]!), strip(resets[1]!));
    assert.deepEqual(await waitingMails(testApp, "nobody2@example.org"), []);
  });

  it("a link expires, and a newer one takes its place", async () => {
    await post("registrations", { email: "late@example.org", title: "Late" });
    const old = await newestLink(testApp, "late@example.org");
    await post("registrations", { email: "late@example.org", title: "Late" });
    const newer = await newestLink(testApp, "late@example.org");
    const complete = (secret: string) => post("registrations/complete", { secret, name: "L", password });
    assert.match((await complete(old)).body.error.message, /newer mail/);
    assert.equal((await post("links/look", { secret: newer })).body.email, "late@example.org");
    nowMs += 24 * 3_600_000 + 1;
    assert.match((await complete(newer)).body.error.message, /expired/);
  });

  it("a fourth mail to one address in an hour is not sent, with the same answer", async () => {
    const statuses = [];
    for (let n = 0; n < 5; n++) {
      statuses.push((await post("registrations", { email: "often@example.org", title: "O" })).status);
    }
    assert.deepEqual(statuses, [202, 202, 202, 202, 202]);
    assert.equal((await waitingMails(testApp, "often@example.org")).length, 3);
    nowMs += 3_600_001;
    await post("registrations", { email: "often@example.org", title: "O" });
    assert.equal((await waitingMails(testApp, "often@example.org")).length, 4);
  });

  it("one network address asks for at most twenty mails in an hour", async () => {
    nowMs += 3_600_001;
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, n) => post("registrations", { email: `many${n}@example.org`, title: "M" })),
    );
    assert.equal(answers.filter(({ status }) => status === 429).length, 5);
    nowMs += 3_600_001;
  });

  it("a forgotten password is replaced by mail; sessions end, and the owner of the account is told", async () => {
    const { headers } = await register("fred@example.org");
    await post("password-resets", { email: "Fred@example.org" });
    const secret = await newestLink(testApp, "fred@example.org");
    const complete = () => post("password-resets/complete", { secret, password: "another long password" });
    assert.equal((await complete()).status, 204);
    assert.equal((await complete()).status, 401);
    assert.equal((await testApp.call("GET", "/api/v1/session", { headers })).status, 401);
    assert.equal((await logIn("fred@example.org")).status, 401);
    assert.equal((await logIn("fred@example.org", "another long password")).status, 200);
    assert.equal((await waitingMails(testApp, "fred@example.org")).at(-1)?.subject, "Your password was changed");
  });

  it("an owner invites into the own organisation only; the invited becomes what the invitation says", async () => {
    const { headers, user } = await register("gwen@example.org", "Gwen");
    const invite = (body: object) => testApp.call("POST", "/api/v1/invitations", { headers, body });
    assert.equal((await invite({ email: "h@example.org", customer: "other" })).status, 403);
    assert.equal((await invite({ email: "gwen@example.org" })).status, 409);
    const made = await invite({ email: "hal@example.org", role: "viewer" });
    assert.deepEqual([made.body.customer, made.body.phase], [user.customer, "waiting"], made.text);
    assert.doesNotMatch(made.text, /secret/i);
    const secret = await newestLink(testApp, "hal@example.org");
    assert.equal((await post("registrations/complete", { secret, name: "H", password })).status, 401);
    const accepted = await post("invitations/accept", { secret, name: "Hal", password });
    assert.deepEqual(
      [accepted.body.user?.role, accepted.body.user?.customer],
      ["viewer", user.customer],
      accepted.text,
    );
    const asViewer = { headers: sessionOf(accepted), body: { email: "i@example.org" } };
    assert.equal((await testApp.call("POST", "/api/v1/invitations", asViewer)).status, 403);
    await invite({ email: "ivy@example.org" });
    const list = await testApp.call("GET", "/api/v1/invitations", { headers });
    const ofIvy = list.body.data.find((each: { email: string }) => each.email === "ivy@example.org");
    const taken = await testApp.call("DELETE", `/api/v1/invitations/${ofIvy.id}`, { headers });
    assert.equal(taken.body.phase, "revoked");
    const worthless = { secret: await newestLink(testApp, "ivy@example.org"), name: "Ivy", password };
    assert.equal((await post("invitations/accept", worthless)).status, 401);
  });

  const enable = async (headers: Record<string, string>) => {
    const setup = await testApp.call("POST", "/api/v1/account/totp", { headers, body: { currentPassword: password } });
    assert.equal(setup.status, 200, setup.text);
    const code = codeOf(setup.body.secret);
    const confirmed = await testApp.call("POST", "/api/v1/account/totp/confirm", { headers, body: { code } });
    assert.equal(confirmed.body.recoveryCodes?.length, 10, confirmed.text);
    return { secret: setup.body.secret as string, codes: confirmed.body.recoveryCodes as string[], code };
  };

  it("with a second step, the password alone opens nothing, and no code works twice", async () => {
    const { headers } = await register("jan@example.org");
    const { secret, code, codes } = await enable(headers);
    const first = await logIn("jan@example.org");
    assert.deepEqual([first.status, first.body.secondStep, first.headers.getSetCookie()], [202, "totp", []]);
    const { challenge } = first.body;
    const step = (given: string, of = challenge) => post("session/second-step", { challenge: of, code: given });
    assert.equal((await step(code)).status, 401, "the code that set it up");
    nextCode();
    const opened = await step(codeOf(secret));
    assert.equal(opened.status, 200, opened.text);
    assert.equal((await step(codeOf(secret))).status, 401, "a challenge works once");
    const second = (await logIn("jan@example.org")).body.challenge;
    assert.equal((await step(codeOf(secret), second)).status, 401, "the same code again");
    assert.equal((await step(codes[0]!.toUpperCase().replaceAll("-", " "), second)).status, 200);
    const third = (await logIn("jan@example.org")).body.challenge;
    assert.equal((await step(codes[0]!, third)).status, 401, "a recovery code works once");
    const account = await testApp.call("GET", "/api/v1/account", { headers: sessionOf(opened) });
    assert.equal(account.body.recoveryCodesLeft, 9);
  });

  it("guessing codes ends the challenge, and then costs growing time", async () => {
    const { headers } = await register("kim@example.org");
    const { secret } = await enable(headers);
    const challenge = async () => (await logIn("kim@example.org")).body.challenge;
    const one = await challenge();
    for (let n = 0; n < 5; n++) {
      assert.equal((await post("session/second-step", { challenge: one, code: "000000" })).status, 401);
    }
    nextCode();
    assert.equal((await post("session/second-step", { challenge: one, code: codeOf(secret) })).status, 401);
    const blocked = [];
    const two = await challenge();
    for (let n = 0; n < 2; n++) {
      blocked.push((await post("session/second-step", { challenge: two, code: "000000" })).status);
    }
    assert.ok(blocked.includes(429), String(blocked));
    nowMs += 3_600_001 * 2;
  });

  it("one code that is sent many times at once opens one session", async () => {
    const { headers } = await register("lea@example.org");
    const { secret } = await enable(headers);
    nextCode();
    const challenges = await Promise.all([1, 2, 3].map(async () => (await logIn("lea@example.org")).body.challenge));
    const code = codeOf(secret);
    const answers = await Promise.all(challenges.map((challenge) => post("session/second-step", { challenge, code })));
    assert.deepEqual(
      answers.map(({ status }) => status).filter((status) => status === 200),
      [200],
      answers.map(({ text }) => text).join("\n"),
    );
  });

  it("where the organisation wants it, no session is opened before the second step is set up", async () => {
    const { headers } = await register("max@example.org", "Strict");
    const asMax = (body: object) => testApp.call("PUT", "/api/v1/organisation", { headers, body });
    assert.equal((await asMax({ isTotpRequired: true })).status, 200);
    assert.equal((await testApp.call("GET", "/api/v1/session", { headers })).status, 401);
    const first = await logIn("max@example.org");
    assert.deepEqual([first.status, first.body.secondStep], [202, "totp-setup"]);
    const { challenge, setup } = first.body;
    const opened = await post("session/second-step", { challenge, code: codeOf(setup.secret) });
    assert.equal(opened.body.recoveryCodes?.length, 10, opened.text);
    const remove = await testApp.call("POST", "/api/v1/account/totp/remove", {
      headers: sessionOf(opened),
      body: { currentPassword: password },
    });
    assert.equal(remove.status, 409);
  });

  it("an administrator takes a second step off, which the audit and the person hear of", async () => {
    const { headers, user } = await register("nat@example.org");
    await enable(headers);
    const path = `/api/v1/users/${user.id}/reset-second-step`;
    assert.equal((await testApp.call("POST", path, { headers })).status, 403, "one's own");
    const { headers: stranger } = await register("oda@example.org");
    assert.equal((await testApp.call("POST", path, { headers: stranger })).status, 404);
    assert.equal((await testApp.call("POST", path)).status, 200);
    assert.equal((await logIn("nat@example.org")).status, 200);
    assert.match((await waitingMails(testApp, "nat@example.org")).at(-1)?.subject ?? "", /reset by an administrator/);
    const audit = await testApp.call("GET", "/api/v1/audit-entries?perPage=1000");
    assert.ok(audit.body.data.some((entry: { action: string }) => entry.action === "user.reset-second-step"));
  });

  it("another e-mail address counts once it was confirmed there, and the old one is told", async () => {
    const { headers } = await register("pat@example.org");
    const ask = (currentPassword: string) =>
      testApp.call("POST", "/api/v1/account/email-change", {
        headers,
        body: { email: "pat@new.example.org", currentPassword },
      });
    assert.equal((await ask("wrong")).status, 400);
    assert.equal((await ask(password)).status, 202);
    assert.equal((await logIn("pat@new.example.org")).status, 401);
    const secret = await newestLink(testApp, "pat@new.example.org");
    assert.equal((await post("account/email-change/confirm", { secret })).status, 204);
    assert.equal((await logIn("pat@new.example.org")).status, 200);
    assert.match((await waitingMails(testApp, "pat@example.org")).at(-1)?.subject ?? "", /another e-mail address/);
  });

  it("sessions are listed and ended one by one or all but this", async () => {
    const { headers } = await register("quin@example.org");
    const others = [sessionOf(await logIn("quin@example.org")), sessionOf(await logIn("quin@example.org"))];
    const list = async () => (await testApp.call("GET", "/api/v1/account/sessions", { headers })).body.sessions;
    const before = await list();
    assert.deepEqual([before.length, before.filter((each: { isThis: boolean }) => each.isThis).length], [3, 1]);
    const other = before.find((each: { isThis: boolean }) => !each.isThis);
    assert.equal((await testApp.call("DELETE", `/api/v1/account/sessions/${other.id}`, { headers })).status, 204);
    assert.equal((await list()).length, 2);
    const { headers: stranger } = await register("rob@example.org");
    const theirs = (await list())[0].id;
    const refused = await testApp.call("DELETE", `/api/v1/account/sessions/${theirs}`, { headers: stranger });
    assert.equal(refused.status, 404);
    assert.equal((await testApp.call("POST", "/api/v1/account/sessions/end-others", { headers })).status, 204);
    assert.equal((await list()).length, 1);
    for (const each of others)
      assert.equal((await testApp.call("GET", "/api/v1/session", { headers: each })).status, 401);
  });

  it("a sign-in from another device is told once, unless it was turned off", async () => {
    await register("sam@example.org");
    const from = (agent: string) => post("session", { email: "sam@example.org", password }, { "user-agent": agent });
    const told = async () =>
      (await waitingMails(testApp, "sam@example.org")).filter(({ kind }) => kind === "new-login").length;
    const before = await told();
    await from("Firefox/120.0");
    assert.equal(await told(), before + 1);
    await from("Firefox/121.5");
    assert.equal(await told(), before + 1, "the version does not matter");
    const headers = sessionOf(await from("Firefox/121.5"));
    const body = { preferences: [{ kind: "new-login", isWanted: false }] };
    const chosen = await testApp.call("PUT", "/api/v1/account/mail-preferences", { headers, body });
    assert.equal(chosen.status, 200, chosen.text);
    await from("Chrome");
    assert.equal(await told(), before + 1);
  });

  it("one click turns a kind of mail off, and no other's link does", async () => {
    const { user, headers } = await register("una@example.org");
    const { core } = testApp.app;
    assert.ok(core !== null);
    const secret = createUnsubscribeSecrets(core.sealer.deriveKey("unsubscribe links")).make(user.id, "new-machine");
    const form = { token: null, body: "List-Unsubscribe=One-Click" };
    const click = (of: string) =>
      testApp.call("POST", `/api/v1/unsubscriptions/${of}`, {
        ...form,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
    assert.equal((await click(`${secret}x`)).status, 404);
    assert.equal((await click(secret)).status, 200);
    assert.equal((await post("unsubscriptions", { secret })).body.kind, "new-machine");
    const { body } = await testApp.call("GET", "/api/v1/account", { headers });
    assert.deepEqual(
      body.mailPreferences.filter((each: { isWanted: boolean }) => !each.isWanted),
      [{ kind: "new-machine", isWanted: false }],
    );
  });

  it("the members of an organisation are told of a machine of theirs", async () => {
    const { headers } = await register("vic@example.org");
    const made = await testApp.call("POST", "/api/v1/enrolment-tokens", { headers, body: {} });
    const publicKey = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
    const body = { token: made.body.token, hostName: "vic-1", publicKey, agentVersion: "1", facts: {}, address: null };
    const enrolled = await post("agent/enrol", body);
    assert.equal(enrolled.status, 200, enrolled.text);
    const last = (await waitingMails(testApp, "vic@example.org")).at(-1);
    assert.deepEqual([last?.subject, last?.kind], ["New machine: vic-1", "new-machine"]);
  });

  it("one's profile is changed, with a time zone that exists, and tokens have none", async () => {
    const { headers } = await register("tom@example.org");
    const change = (body: object) => testApp.call("PUT", "/api/v1/account", { headers, body });
    assert.equal((await change({ timeZone: "Europe/Berlin" })).body.timeZone, "Europe/Berlin");
    assert.equal((await change({ timeZone: "Europe/Atlantis" })).status, 400);
    assert.equal((await change({ name: "Tom" })).body.timeZone, "Europe/Berlin");
    assert.equal((await testApp.call("GET", "/api/v1/account")).status, 403);
  });

  it("no secret of a link and no password is in the audit", async () => {
    const audit = await testApp.call("GET", "/api/v1/audit-entries?perPage=1000");
    const secret = await newestLink(testApp, "pat@new.example.org");
    for (const each of [secret, password]) assert.ok(!audit.text.includes(each));
  });
});

for (const [registration, isInviting] of [
  ["off", false],
  ["invite", true],
] as const) {
  it(`with registration ${registration}, strangers make no account, and administrators ${isInviting ? "may" : "may not"} invite`, async () => {
    const testApp = await startTestApp({ settings: { registration, smtpUrl: "smtp://127.0.0.1:9" } });
    try {
      const asked = await testApp.call("POST", "/api/v1/registrations", {
        token: null,
        body: { email: "a@example.org", title: "A" },
      });
      assert.equal(asked.status, 403);
      const options = await testApp.call("GET", "/api/v1/sign-in-options", { token: null });
      assert.equal(options.body.registration, registration);
      const invited = await testApp.call("POST", "/api/v1/invitations", {
        body: { email: "b@example.org", customer: "b" },
      });
      assert.equal(invited.status, isInviting ? 200 : 403, invited.text);
    } finally {
      await testApp.stop();
    }
  });
}
