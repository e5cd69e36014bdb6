import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mask } from "./mask.ts";
import { maskSecrets } from "./mask-secrets.ts";
import { isSecretFile } from "./secret-files.ts";

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

test("hostile forms: whatever has a secret in it shows none of it", () => {
  for (const line of [
    "https://api.example.org/hook?id=7&access_token=hunter2&x=1",
    "https://x.blob.example.org/c?sv=2024&sig=hunter2%3D",
    "url: https://hunter2hunter2hunter2@git.example.org/a.git",
    "DATABASE_URL=postgres://shop:p@ss/hunter2@db.example.org:5432/shop",
    "dsn: shop:hunter2@tcp(127.0.0.1:3306)/shop",
    "Server=db;User Id=sa;Password=hunter2;Encrypt=true",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=hunter2==",
    "host=db user=shop password=hunter2 dbname=shop",
    'proxy_set_header Authorization "Bearer hunter2";',
    "  -H 'X-Auth: Bearer hunter2'",
    "curl -u anna:hunter2 https://example.org",
    "mysqldump -uroot -phunter2 shop",
    "sshpass -p hunter2 ssh db",
    "redis-cli -h db -a hunter2 ping",
    "openssl rsa -passin pass:hunter2",
    "anna:$apr1$abc$hunter2",
    "anna:{SHA}hunter2=",
    "anna:{PLAIN}hunter2::::",
    "anna:rqhunter2hobK",
    "bob:$2y$05$hunter2hunter2",
    "_auth=hunter2",
    '"auth": "hunter2"',
    "requirepass hunter2",
    "masterauth hunter2",
    "createUser anna SHA hunter2 AES hunter2",
    "com2sec local default hunter2",
    'secret "hunter2";',
    ': PSK "hunter2"',
    "PresharedKey = hunter2",
    "PrivateKey=hunter2",
    "rootpw {SSHA}hunter2",
    "olcRootPW: hunter2",
    "$db['default']['password'] = 'hunter2';",
    "env[DB_PASSWORD] = hunter2",
    "<user name='a' password='hunter2'/>",
    "token=ghp_hunter2hunter2hunter2",
    "slack xoxb-hunter2-hunter2",
    "x: sk_live_hunter2hunter2",
    "y: eyJhbGciOiJI.eyJzdWIi.hunter2",
    "aws AKIAHUNTER2HUNTER2AB",
    "aws_secret_access_key = wJalrXUtnFEMI/hunter2/bPxRfiCYEXAMPLEKEY",
    "v: wJalrXUtnFEMI/K7hunter2/bPxRfiCYEXAMPLEKEY",
    '{"private_key": "-----BEGIN PRIVATE KEY-----\\nhunter2\\n-----END PRIVATE KEY-----\\n", "x": 1}',
    "k: -----BEGIN EC PRIVATE KEY----- hunter2",
  ]) {
    const [shown = ""] = masked(`+${line}`);
    assert.ok(!/hunter2/i.test(shown), shown);
    assert.ok(shown.includes(mask), shown);
  }
});

test("secrets over several lines are masked to their end, and what follows is not", () => {
  for (const text of [
    "password: |\n  hunter2\n\n  hunter2\nport: 22",
    "a:\n  - token: >-\n      hunter2\n    port: 22",
    "secret:\n  - hunter2\nport: 22",
    "passwords:\n- hunter2\n- hunter2\nport: 22",
    "credentials:\n  anna: hunter2\n  bob:\n    x: hunter2\nport: 22",
    'password: "hunter2\n  hunter2"\nport: 22',
    "password=hunter2\\\nhunter2\nport: 22",
    "SECRET=<<EOF\nhunter2\nEOF\nport: 22",
    "<password>\nhunter2\n</password>\nport: 22",
    "-----BEGIN OpenVPN Static key V1-----\nhunter2\n-----END OpenVPN Static key V1-----\nport: 22",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nhunter2\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\nport: 22",
    "key: -----BEGIN RSA PRIVATE KEY-----\n  hunter2\n  -----END RSA PRIVATE KEY-----\nport: 22",
  ]) {
    const shown = masked(...text.split("\n").map((line) => `+${line}`)).join("\n");
    assert.ok(!/hunter2/.test(shown), shown);
    assert.match(shown, /^\+ *port: 22$/m);
  }
});

test("the two texts are two: what ends in the old one goes on in the new one", () => {
  const lines = [
    " -----BEGIN PRIVATE KEY-----",
    "-old",
    "------END PRIVATE KEY-----",
    "+hunter2",
    "+hunter3",
    "+-----END PRIVATE KEY-----",
    " Port 22",
  ];
  assert.deepEqual(masked(...lines).slice(3), [`+${mask}`, `+${mask}`, lines[5], " Port 22"]);
  // A short line of both texts, which is a secret in one of them.
  assert.deepEqual(masked("+password: |", " ", "   ab").at(-1), `   ${mask}`);
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
    "+  proxy_pass http://127.0.0.1:8080;",
    "-  fastcgi_pass unix:/run/php/php8.2-fpm.sock;",
    "+server_tokens off;",
    "+PasswordAuthentication no",
    " auth required pam_unix.so nullok",
    "+AuthType Basic",
    '+auth_basic "Only for us";',
    "+auth_basic_user_file /etc/nginx/htpasswd;",
    "+ssl_certificate_key /etc/ssl/example.org.key;",
    "+password_file: /run/secrets/db",
    "+author: Anna",
    "+include /usr/lib/x86_64-linux-gnu/security/modules/shop2/etc;",
    "+%admin ALL=(ALL) NOPASSWD: ALL",
    "+image: registry.example.org/shop/web:1.2.3",
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
  assert.ok(performance.now() - started < 5000);
});
