import assert from "node:assert/strict";
import { test } from "node:test";
import { SnmpSecurity } from "@mycloud/protocol/snmp";
import { securityText } from "./security-text.ts";

test("a credential is named by how it is used, without what is secret", () => {
  const hush = { community: "hush", authPassword: "hush hush", privPassword: "hush hush" };
  assert.equal(securityText(SnmpSecurity.parse({ ...hush })), "v2c, community");
  const user = { ...hush, version: "3", username: "monitor" };
  assert.equal(securityText(SnmpSecurity.parse(user)), "v3, user monitor, not signed, not encrypted");
  const whole = { ...user, authProtocol: "SHA-256", privProtocol: "AES" };
  assert.equal(securityText(SnmpSecurity.parse(whole)), "v3, user monitor, SHA-256, AES");
});
