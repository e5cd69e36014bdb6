import assert from "node:assert/strict";
import { it } from "node:test";
import { MailKind } from "@mycloud/protocol/account";
import fc from "fast-check";
import { formatForPerson, renderAccountMail } from "./render.ts";
import { createUnsubscribeSecrets } from "./unsubscribe-secret.ts";

const sender = { mailFrom: "mycloud@example.org", publicUrl: "https://cloud.example.org/" };
const mail = {
  id: 7,
  email: "ann@example.org",
  createdAtMs: Date.UTC(2026, 6, 1, 12),
  timeZone: "Europe/Berlin",
  unsubscribeSecret: "1.new-login.x",
  content: {
    subject: "New sign-in to your account",
    paragraphs: ["Somebody signed in."],
    details: [["When", { atMs: Date.UTC(2026, 6, 1, 12) }] as ["When", { atMs: number }]],
    action: { text: "Look", path: "/#/account" },
    kind: "new-login" as const,
  },
};

it("a mail is dated in the reader's zone, and in UTC where that is not known", () => {
  assert.match(formatForPerson(mail.createdAtMs, "Europe/Berlin"), /1 July 2026 at 14:00:00/);
  assert.match(formatForPerson(mail.createdAtMs, null), /12:00:00 UTC/);
  assert.match(formatForPerson(mail.createdAtMs, "Nowhere/Else"), /12:00:00 UTC/);
});

it("what can be turned off says so to people and mail programs, what cannot does not", () => {
  const rendered = renderAccountMail(mail, sender);
  const headers = JSON.stringify(rendered.headers);
  assert.match(headers, /<https:\/\/cloud\.example\.org\/api\/v1\/unsubscriptions\/1\.new-login\.x>/);
  assert.match(headers, /"List-Unsubscribe-Post":"List-Unsubscribe=One-Click"/);
  assert.match(String(rendered.text), /https:\/\/cloud\.example\.org\/#\/unsubscribe\/1\.new-login\.x/);
  const fixed = renderAccountMail(
    { ...mail, unsubscribeSecret: null, content: { ...mail.content, kind: null } },
    sender,
  );
  assert.doesNotMatch(JSON.stringify(fixed), /unsubscribe/i);
});

it("whatever people call their organisation, the mail has no tag and no header of their making", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 100 }), (title) => {
      const hostile = `${title}<script>\r\nBcc: eve@example.org`;
      const rendered = renderAccountMail(
        { ...mail, content: { ...mail.content, subject: hostile, paragraphs: [hostile] } },
        sender,
      );
      assert.doesNotMatch(String(rendered.subject), /[\r\n]/);
      assert.doesNotMatch(String(rendered.html), /<script>/);
    }),
  );
});

it("an unsubscribe secret is read as it was made, and none that was changed or made elsewhere", () => {
  const secrets = createUnsubscribeSecrets(new Uint8Array(32));
  for (const kind of MailKind.options) assert.deepEqual(secrets.read(secrets.make(12, kind)), { userId: 12, kind });
  const made = secrets.make(12, "new-login");
  const other = createUnsubscribeSecrets(new Uint8Array(32).fill(1));
  for (const wrong of [
    made.replace("12", "13"),
    made.replace("login", "machine"),
    `${made}x`,
    "",
    "1.new-login.",
    other.make(12, "new-login"),
  ]) {
    assert.equal(secrets.read(wrong), null, wrong);
  }
});
