import assert from "node:assert/strict";
import { test } from "node:test";
import { recoveryKitParts, recoveryKitText } from "./recovery-kit-text.ts";

const answer = {
  hostName: "web1",
  policyName: "home",
  keyMode: "managed",
  storageUrl: "https://backup.example.org:8081",
  path: "acme/web1/home",
  certificateAuthority: null,
  password: "correct horse",
  token: "eyJ0",
  tokenExpiresAtMs: Date.UTC(2026, 10, 30, 10, 15),
};

test("a kit has the key, and restic's commands for the disk and for the server", () => {
  const lines = recoveryKitText(recoveryKitParts(answer)).split("\n");
  assert.equal(lines[0], "RECOVERY KIT  host web1, policy home (managed key)");
  for (const line of [
    "  export RESTIC_PASSWORD='correct horse'",
    "  restic -r 'repositories/acme/web1/home' restore latest --target /restored",
    "Through the storage server, until 2026-11-30 10:15:00Z:",
    "  restic -r 'rest:https://token:eyJ0@backup.example.org:8081/acme/web1/home/' snapshots",
  ])
    assert.ok(lines.includes(line), line);
});

test("a kit has the certificate of a storage server's own authority, and says what to do with it", () => {
  const certificateAuthority = "-----BEGIN CERTIFICATE-----\r\nMIIB\n-----END CERTIFICATE-----\n";
  const lines = recoveryKitText(recoveryKitParts({ ...answer, certificateAuthority })).split("\n");
  const at = lines.indexOf("-----BEGIN CERTIFICATE-----");
  assert.deepEqual(lines.slice(at - 2, at + 5), [
    "Its certificate is from an authority of its own. Save these lines as storage-ca.pem first:",
    "",
    "-----BEGIN CERTIFICATE-----",
    "MIIB",
    "-----END CERTIFICATE-----",
    "",
    "  restic --cacert storage-ca.pem -r 'rest:https://token:eyJ0@backup.example.org:8081/acme/web1/home/' snapshots",
  ]);
  // On the server's own disk nobody asks for a certificate.
  assert.ok(lines.includes("  restic -r 'repositories/acme/web1/home' snapshots"));
});

test("a kit without key or token says who has them", () => {
  const text = recoveryKitText({ ...recoveryKitParts({ ...answer, password: null }), token: null });
  assert.doesNotMatch(text, /RESTIC_PASSWORD|eyJ0/);
  assert.match(text, /on its host alone: mycloud recovery-kit/);
  assert.match(text, /rest:https:\/\/USER:PASSWORD@backup\.example\.org:8081\/acme\/web1\/home\//);
});
