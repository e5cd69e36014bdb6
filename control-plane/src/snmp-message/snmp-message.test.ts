import assert from "node:assert/strict";
import { test } from "node:test";
import { SnmpSecurity } from "@mycloud/protocol/snmp";
import fc from "fast-check";
import { BerReader } from "./ber-reader.ts";
import { element } from "./ber-writer.ts";
import { createSnmpEngine } from "./engine.ts";
import { encryptionKey, keyOfPassword, localize } from "./keys.ts";
import { readMessage, scopedPduElement, userMessage } from "./message.ts";
import { readPdu, responseElement, varbindElements } from "./pdu.ts";
import { compileSnmpUser } from "./snmp-user.ts";
import { openUserMessage, userResponse } from "./user-security.ts";
import type { BoundObject } from "./varbind.ts";

const engineId = Buffer.from("000000000000000000000002", "hex");

test("keys of passwords are those of RFC 3414, appendix A.3", () => {
  const password = Buffer.from("maplesyrup");
  for (const [protocol, expected] of [
    ["MD5", "526f5eed9fcce26f8964c2930787d82b"],
    ["SHA", "6695febc9288e36282235fc7151f128497b38f3f"],
  ] as const) {
    assert.equal(localize(protocol, keyOfPassword(protocol, password), engineId).toString("hex"), expected);
  }
  const sha = localize("SHA", keyOfPassword("SHA", password), engineId);
  for (const priv of ["AES-256", "AES-256-C"] as const) {
    const key = encryptionKey("SHA", priv, sha, engineId);
    assert.deepEqual([key.length, key.subarray(0, 20)], [32, sha]);
  }
});

const bound = fc.oneof(
  fc.record({ type: fc.constant("integer" as const), value: fc.integer() }, { noNullPrototype: true }),
  fc.record(
    { type: fc.constantFrom("counter32", "gauge32", "timeticks"), value: fc.nat(0xffff_ffff) },
    { noNullPrototype: true },
  ),
  fc.record(
    { type: fc.constant("counter64" as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
    { noNullPrototype: true },
  ),
  fc.record(
    { type: fc.constant("octets" as const), value: fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)) },
    { noNullPrototype: true },
  ),
  fc.record(
    { type: fc.constant("oid" as const), value: fc.constantFrom("1.3.6.1.4294967295.0", "2.999.3") },
    { noNullPrototype: true },
  ),
  fc.record({ type: fc.constant("address" as const), value: fc.constant("192.0.2.255") }, { noNullPrototype: true }),
  fc.record(
    { type: fc.constantFrom("null", "noSuchObject", "noSuchInstance", "endOfMibView") },
    { noNullPrototype: true },
  ),
);

test("varbinds of every type are read as they were written", () => {
  fc.assert(
    fc.property(fc.array(bound, { maxLength: 8 }), fc.integer(), (values, requestId) => {
      const varbinds = values.map((each, at) => ({ oid: `1.3.6.${at}.128`, bound: each })) as BoundObject[];
      const pdu = readPdu(new BerReader(responseElement(requestId, 0, 0, varbindElements(varbinds))));
      assert.deepEqual(pdu, { type: "response", requestId, errorStatus: 0, errorIndex: 0, varbinds });
    }),
    { numRuns: 200 },
  );
});

test("a message of version 3 is opened by its user alone, whatever signs and hides it, and no octet of it may change", () => {
  const engine = createSnmpEngine(engineId, 1, () => 0);
  for (const authProtocol of ["MD5", "SHA-224", "SHA-512"] as const) {
    for (const privProtocol of [null, "DES", "AES", "AES-256", "AES-256-C"] as const) {
      const secrets = { authPassword: "signing password", privPassword: "hiding password" };
      const security = SnmpSecurity.parse({
        version: "3",
        username: "monitor",
        authProtocol,
        privProtocol,
        ...secrets,
      });
      const user = compileSnmpUser(security)!;
      const other = compileSnmpUser({ ...security, authPassword: "another password" })!;
      const asked = readMessage(
        userMessage({
          messageId: 7,
          flags: 4,
          engineId,
          engineBoots: 1,
          engineTime: 0,
          userName: "monitor",
          signature: Buffer.alloc(0),
          salt: Buffer.alloc(0),
          data: scopedPduElement(engineId, "", responseElement(1, 0, 0, [])),
        }).bytes,
      );
      assert.ok(asked.version === "3");
      const scoped = { contextEngineId: engineId, contextName: "" };
      const pdu = responseElement(9, 0, 0, []);
      const bytes = userResponse(engine, asked, user, { ...scoped, pdu: readPdu(new BerReader(pdu)) }, pdu);
      const message = readMessage(bytes);
      assert.ok(message.version === "3");
      const opened = openUserMessage(message, [other, user]);
      assert.ok(opened.isOpen && opened.scoped.pdu.type === "response" && opened.scoped.pdu.requestId === 9);
      assert.deepEqual(openUserMessage(message, [other]), { isOpen: false, why: "wrong-key" });
      const spoilt = Buffer.from(bytes);
      spoilt[spoilt.length - 3]! ^= 1;
      const read = readMessage(spoilt);
      assert.ok(read.version === "3");
      assert.deepEqual(openUserMessage(read, [user]), { isOpen: false, why: "wrong-key" });
    }
  }
});

test("what is no message is refused, and never more than refused", () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from([0x30, 0x80]), Buffer.from([0x30, 0x84, 255, 255, 255, 255])])
    assert.throws(() => readMessage(bytes), { name: "SnmpMessageError" });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0, 1, 3), (bytes, version) => {
      try {
        readMessage(element(0x30, Buffer.from([2, 1, version]), Buffer.from(bytes)));
      } catch (error) {
        assert.equal(error instanceof Error && error.name, "SnmpMessageError");
      }
    }),
    { numRuns: 1_000 },
  );
});
