import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { keptSecret } from "@mycloud/protocol/forward";
import { SnmpCredentialInput } from "@mycloud/protocol/snmp";
import { hideSecrets } from "../sealing/index.ts";
import { chooseCredential } from "./choose-credential.ts";

const host = { name: "switch1", groups: ["net"], labels: { device: "switch" } };
const credential = (name: string, changes: object = {}) =>
  SnmpCredentialInput.parse({ name, selector: { labels: { device: "switch" } }, community: "c", ...changes });

test("of the credentials that match a device, are enabled and can work, the first by name counts", () => {
  const secret = randomBytes(9).toString("hex");
  const all = [
    credential("z"),
    credential("b", { version: "3", username: "u", authProtocol: "SHA-256", authPassword: secret }),
    credential("a", { isEnabled: false }),
    credential("aa", { selector: { hosts: ["router*"] } }),
    // Its secret did not open.
    credential("ab", { version: "3", username: "u", authProtocol: "SHA", authPassword: "" }),
  ];
  assert.equal(chooseCredential(host, all)?.name, "b");
  assert.equal(chooseCredential({ ...host, labels: {} }, all), undefined);
  const shown = JSON.stringify(hideSecrets(all));
  assert.ok(!shown.includes(secret));
  assert.ok(shown.includes(`"community":"${keptSecret}"`));
});
