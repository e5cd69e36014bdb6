// A customer's way in, with real processes: the mails are read from Debian's postfix, the commands typed as a person with no operator rights.
import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { RecoveryCodes, TotpSetup } from "@mycloud/protocol/account";
import { Session } from "@mycloud/protocol/session";
import { type MailMessage, parseMailMessage } from "../peers/mail-message.ts";
import { requirePeer } from "../peers/peer.ts";
import { type PostfixPeer, postfixProgram, startPostfix } from "../peers/postfix.ts";
import { totpOf } from "../peers/totp.ts";
import { freePort, runMycloud, startServer, type TestServer, temporaryDirectory, waitFor } from "../support/index.ts";

const password = "a first long password";
const newPassword = "a second long password";

/** The newest mail to somebody whose subject has these words. */
async function mailTo(postfix: PostfixPeer, mailbox: string, subject: RegExp): Promise<MailMessage> {
  return await waitFor(
    async () => {
      const mails = (await postfix.mailsOf(mailbox)).map(parseMailMessage);
      return mails.findLast((mail) => subject.test(mail.headers.get("subject") ?? "")) ?? false;
    },
    20_000,
    `a mail to ${mailbox} about ${subject}`,
  );
}

function linkIn({ text, html }: MailMessage): string {
  const link = /^https?:\/\/\S+#\/link\/[a-z-]+\/[\w-]{43}$/m.exec(text)?.[0];
  assert.ok(link !== undefined, text);
  assert.ok(html.includes(link), "both parts have the link");
  return link;
}

/** Somebody at a terminal, with a home of their own. */
async function personAt(server: TestServer) {
  const home = await temporaryDirectory("person");
  const file = async (name: string, text: string) => {
    const path = join(home, name);
    await writeFile(path, `${text}\n`, { mode: 0o600 });
    return path;
  };
  const mycloud = (...words: string[]) =>
    runMycloud(words, { cwd: home, env: { HOME: home, XDG_CONFIG_HOME: undefined, MYCLOUD_SERVER: server.url } });
  return {
    home,
    file,
    mycloud,
    async succeeds(...words: string[]) {
      const { code, stdout, stderr } = await mycloud(...words);
      assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
      return stdout + stderr;
    },
  };
}

/** What a browser would send after signing in. */
async function sessionOf(answer: Response): Promise<Record<string, string>> {
  const { csrfToken } = Session.parse(await answer.json());
  return {
    "content-type": "application/json",
    cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "",
    "x-csrf-token": csrfToken ?? "",
  };
}

test("a customer registers, signs in with a second step, invites somebody and gets a new password, by mail and terminal", async (t: TestContext) => {
  if (!requirePeer(t, postfixProgram, "postfix")) return;
  if (process.getuid?.() !== 0) return t.skip("postfix only starts as root");
  const postfix = await startPostfix(await freePort(), ["anna", "ben"]);
  t.after(() => postfix.stop());
  const server = await startServer(t, {
    env: { MYCLOUD_SMTP_URL: postfix.url, MYCLOUD_MAIL_FROM: "mycloud@example.org", MYCLOUD_REGISTRATION: "open" },
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/v1/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  const anna = await personAt(server);
  const passwordFile = await anna.file("password", password);
  await anna.succeeds("register", "--email", "anna@example.org", "--organisation", "Anna & Sons");
  const welcome = await mailTo(postfix, "anna", /Confirm your e-mail/);
  assert.match(welcome.headers.get("auto-submitted") ?? "", /auto-generated/);
  const linkFile = await anna.file("link", linkIn(welcome));
  const complete = ["register", "--link-file", linkFile, "--name", "Anna", "--password-file", passwordFile];
  assert.match(await anna.succeeds(...complete), /welcome, Anna/);
  assert.equal((await stat(join(anna.home, ".config/mycloud/credentials.json"))).mode & 0o777, 0o600);
  const status = await anna.succeeds("status");
  assert.match(status, /you: +anna@example.org, admin of anna-sons/);
  assert.match(status, /machines: +none yet/);
  assert.notEqual((await anna.mycloud(...complete)).code, 0, "the link works once");

  // The second step, set up in the browser's way, asked for at the terminal.
  const headers = await sessionOf(await post("session", { email: "anna@example.org", password }));
  const setup = TotpSetup.parse(await (await post("account/totp", { currentPassword: password }, headers)).json());
  const first = Date.now();
  const confirmed = await post("account/totp/confirm", { code: totpOf(setup.secret, first) }, headers);
  const { recoveryCodes } = RecoveryCodes.parse(await confirmed.json());
  assert.equal(recoveryCodes.length, 10);
  await anna.succeeds("logout");
  const login = ["login", "--email", "anna@example.org", "--password-file", passwordFile];
  assert.match((await anna.mycloud(...login)).stderr, /second step/);
  const seen = await anna.file("code", totpOf(setup.secret, first));
  assert.notEqual((await anna.mycloud(...login, "--code-file", seen)).code, 0, "no code works twice");
  const later = await anna.file("later", totpOf(setup.secret, first + 30_000));
  assert.match(await anna.succeeds(...login, "--code-file", later), /logged in/);

  // A machine is enrolled by the command that a customer's owner is given.
  const token = JSON.parse(await anna.succeeds("enrolment", "create", "--json"));
  assert.match(token.command, /mycloud agent enrol --server http/);
  assert.equal(token.customer, "anna-sons");

  const invited = await post("invitations", { email: "ben@example.org", role: "viewer" }, headers);
  assert.equal(invited.status, 200, await invited.text());
  const ben = await personAt(server);
  const invitation = await mailTo(postfix, "ben", /Invitation to Anna & Sons/);
  const benLink = await ben.file("link", linkIn(invitation));
  const benPassword = await ben.file("password", password);
  await ben.succeeds("register", "--link-file", benLink, "--name", "Ben", "--password-file", benPassword);
  assert.match(await ben.succeeds("status"), /you: +ben@example.org, viewer of anna-sons/);
  assert.notEqual((await ben.mycloud("enrolment", "create")).code, 0, "a reader enrols nothing");

  assert.equal((await post("password-resets", { email: "ben@example.org" })).status, 202);
  const reset = await mailTo(postfix, "ben", /Choose a new password/);
  const secret = linkIn(reset).split("/").at(-1);
  const done = await post("password-resets/complete", { secret, password: newPassword });
  assert.equal(done.status, 204);
  assert.equal((await post("session", { email: "ben@example.org", password })).status, 401);
  const elsewhere = { "user-agent": "Mozilla/5.0 (another device)" };
  assert.equal((await post("session", { email: "ben@example.org", password: newPassword }, elsewhere)).status, 200);
  await mailTo(postfix, "ben", /Your password was changed/);

  // What can be turned off is turned off by what the mail itself carries, as mail programs do it.
  const news = await mailTo(postfix, "ben", /New sign-in/);
  assert.equal(news.headers.get("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
  const url = /^<(.*)>$/.exec(news.headers.get("list-unsubscribe") ?? "")?.[1] ?? "";
  const form = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  assert.equal((await fetch(url, { method: "POST", body: form })).status, 200);
});
