import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isSecretFile, mask, maskSecrets } from "./mask-secrets.ts";

const masked = (...lines: string[]) => maskSecrets(lines).lines;

test("values of what is called a secret are masked, in every form of configuration", () => {
  const secret = "hunter2";
  for (const line of [
    "password = hunter2",
    "PASSWORD=hunter2",
    'db_password: "hunter2"',
    '  "apiKey": "hunter2",',
    "smtp_sasl_password_maps = hunter2",
    "requirepass hunter2",
    "rocommunity hunter2",
    "wpa_psk=hunter2",
    "define('DB_PASSWORD', 'hunter2');",
    "export AWS_SECRET_ACCESS_KEY=hunter2",
    "Authorization: Basic hunter2",
    "url = mysql://shop:hunter2@db.example.org/shop",
    "root:$6$rounds=5000$hunter2$abc:19000:0:99999:7:::",
    "<password>hunter2</password>",
  ]) {
    const [shown = ""] = masked(`+${line}`);
    assert.ok(!shown.includes(secret), shown);
    assert.ok(shown.startsWith("+"), shown);
  }
});

test("what is no secret stays as it is", () => {
  for (const line of [
    " Listen 443",
    "-worker_processes 2;",
    "+worker_processes 4;",
    " ServerName shop.example.org",
    "+# see the manual, section 12",
    " include /etc/nginx/mime.types;",
    "+deb http://deb.debian.org/debian bookworm main",
  ]) {
    assert.deepEqual(maskSecrets([line]), { lines: [line], isMasked: false });
  }
});

test("a private key's lines are masked between its first and its last", () => {
  const key = [
    " -----BEGIN OPENSSH PRIVATE KEY-----",
    "+abc",
    "-def",
    " -----END OPENSSH PRIVATE KEY-----",
    " Port 22",
  ];
  assert.deepEqual(masked(...key), [key[0], `+${mask}`, `-${mask}`, key[3], " Port 22"]);
});

test("long tokens are masked wherever they stand", () => {
  const token = "eyJhbGciOiJFZERTQSJ9eyJzdWIiOiJtZSJ9abcdef0123";
  assert.deepEqual(masked(`+curl -H "X: ${token}"`), [`+curl -H "X: ${mask}"`]);
});

test("files that are secrets as a whole are known by their path", () => {
  for (const path of [
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/ssl/private/a.pem",
    "/etc/ssh/ssh_host_ed25519_key",
    "/etc/x.key",
    "/root/.pgpass",
  ])
    assert.ok(isSecretFile(path), path);
  for (const path of [
    "/etc/passwd",
    "/etc/ssh/sshd_config",
    "/etc/ssh/ssh_host_ed25519_key.pub",
    "/etc/ssl/certs/ca.pem",
  ])
    assert.ok(!isSecretFile(path), path);
});

test("any line is masked in no time, and keeps its sign", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3000 })), (texts) => {
      const lines = texts.map((text) => `+${text}`);
      const { lines: shown } = maskSecrets(lines);
      assert.equal(shown.length, lines.length);
      assert.ok(shown.every((line) => line.startsWith("+")));
    }),
  );
  const started = performance.now();
  maskSecrets([`+${"a=".repeat(1000)}`, `+${"password ".repeat(220)}`, `+${" ".repeat(1990)}`, `+${"a1".repeat(999)}`]);
  assert.ok(performance.now() - started < 1000);
});
