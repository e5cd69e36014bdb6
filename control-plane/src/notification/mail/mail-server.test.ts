import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openMailServer, parseSmtpUrl } from "./mail-server.ts";

describe("parseSmtpUrl", () => {
  const table: [string, Partial<ReturnType<typeof parseSmtpUrl>>][] = [
    ["smtp://mail.example.org", { host: "mail.example.org", port: 25, isTls: false, isStartTlsRequired: false }],
    ["smtp://me@mail.example.org", { port: 587, user: "me", isStartTlsRequired: true }],
    [
      "smtp://me:p%40ss@mail.example.org:2525",
      { port: 2525, password: "p@ss", description: "smtp://me@mail.example.org:2525" },
    ],
    ["smtps://mail.example.org", { port: 465, isTls: true, isStartTlsRequired: false }],
    ["smtp://me@127.0.0.1:2525", { isOnThisMachine: true, isStartTlsRequired: false }],
    ["smtp://[::1]", { host: "::1", isOnThisMachine: true }],
    ["smtp://mail.example.org?tls=off", { isStartTlsIgnored: true }],
    ["smtp://mail.example.org?tls=required&ca=/etc/ca.pem", { isStartTlsRequired: true, caFile: "/etc/ca.pem" }],
  ];
  for (const [url, expected] of table) {
    test(`${url} is understood`, () => {
      const seen: Record<string, unknown> = { ...parseSmtpUrl(url) };
      for (const [name, value] of Object.entries(expected)) assert.equal(seen[name], value, name);
    });
  }

  for (const url of ["http://mail.example.org", "mail.example.org", "smtp://", "smtp://x?tls=maybe"]) {
    test(`${url} is refused`, () => assert.throws(() => parseSmtpUrl(url), /smtpUrl/));
  }

  test("a refusal does not repeat the password", () => {
    assert.throws(
      () => parseSmtpUrl("smtpx://me:secret@mail.example.org"),
      (error: Error) => !error.message.includes("secret"),
    );
  });
});

test("a password file that cannot be read is told by its name", () => {
  const options = {
    smtpUrl: "smtp://me@mail.example.org",
    smtpPasswordFile: "/no/such/file",
    mailFrom: "a@example.org",
  };
  assert.throws(() => openMailServer(options), /\/no\/such\/file/);
});

test("a mail server that is not there does not answer", async () => {
  const server = openMailServer({ smtpUrl: "smtp://127.0.0.1:1", smtpPasswordFile: null, mailFrom: "a@example.org" });
  assert.equal(await server.answers(), false);
  server.close();
});
