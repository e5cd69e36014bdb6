import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { classes, MessageWriter, readMessage, resultCodes } from "../message/index.ts";
import { parseName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import { signMessage, signRefusal, tsigOctets, verifyTsig } from "./tsig.ts";
import type { TsigKey } from "./tsig-key.ts";

const key: TsigKey = { name: parseName("transfer.example."), algorithm: "hmac-sha256", secret: Buffer.from("secret") };
const other: TsigKey = { ...key, secret: Buffer.from("another") };
const nowSeconds = 1_700_000_000;

function query(): Buffer {
  const writer = new MessageWriter(Buffer.alloc(512));
  writer.setHeader(4711, 0);
  writer.addQuestion({ name: parseName("example.org."), type: recordTypes.SOA, class: classes.IN });
  return Buffer.from(writer.finish());
}

function verify(octets: Buffer, known: TsigKey | undefined, at = nowSeconds, precedingMac?: Buffer) {
  const { tsigAt } = readMessage(octets);
  assert.ok(tsigAt !== undefined);
  const context = precedingMac === undefined ? {} : { precedingMac };
  return verifyTsig(octets, tsigAt, (name) => (name === known?.name ? known : undefined), at, context);
}

describe("a signed message", () => {
  it("holds by the key it was signed with, under any id on the way", () => {
    const { octets, mac } = signMessage(query(), key, nowSeconds);
    assert.equal(octets.length, query().length + tsigOctets(key));
    octets.writeUInt16BE(99, 0);
    assert.deepEqual(verify(octets, key), { kind: "valid", key, mac });
  });

  it("does not hold by another secret, another name, another algorithm, or at another time", () => {
    const { octets } = signMessage(query(), key, nowSeconds);
    const errorOf = (...args: Parameters<typeof verify>) => {
      const verdict = verify(...args);
      return verdict.kind === "invalid" ? verdict.error : verdict.kind;
    };
    assert.equal(errorOf(octets, other), resultCodes.BADSIG);
    assert.equal(errorOf(octets, undefined), resultCodes.BADKEY);
    assert.equal(errorOf(octets, { ...key, algorithm: "hmac-sha512" }), resultCodes.BADKEY);
    assert.equal(errorOf(octets, key, nowSeconds + 301), resultCodes.BADTIME);
    assert.equal(errorOf(octets, key, nowSeconds - 300), "valid");
  });

  it("of an answer holds with its request's signature only", () => {
    const request = signMessage(query(), key, nowSeconds);
    const answer = signMessage(query(), key, nowSeconds, { precedingMac: request.mac });
    assert.equal(verify(answer.octets, key, nowSeconds, request.mac).kind, "valid");
    assert.equal(verify(answer.octets, key).kind, "invalid");
  });

  it("never holds when a bit of it has changed", () => {
    const { octets } = signMessage(query(), key, nowSeconds);
    fc.assert(
      fc.property(fc.nat(octets.length * 8 - 1), (bit) => {
        const changed = Buffer.from(octets);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        // The id is not signed: forwarders change it.
        if (bit < 16) return true;
        let tsigAt: number | undefined;
        try {
          tsigAt = readMessage(changed).tsigAt;
        } catch {
          return true;
        }
        if (tsigAt === undefined) return true;
        const verdict = verifyTsig(changed, tsigAt, () => key, nowSeconds);
        // Names are compared, and signed, in lower case.
        const isCase = changed.toString("latin1").toLowerCase() === octets.toString("latin1").toLowerCase();
        return verdict.kind !== "valid" || isCase;
      }),
      { numRuns: 1_000 },
    );
  });

  it("is refused with our clock in it, signed, where only the time is wrong", () => {
    const { octets, mac } = signMessage(query(), key, nowSeconds - 1_000);
    const verdict = verify(octets, key);
    assert.ok(verdict.kind === "invalid");
    const refusal = signRefusal(query(), verdict, nowSeconds);
    assert.deepEqual(verify(refusal, key, nowSeconds - 1_000, mac).kind, "valid");
    assert.equal(refusal.readUIntBE(refusal.length - 6, 6), nowSeconds);
  });

  it("with a MAC that is cut too short is refused as such", () => {
    const { octets, mac } = signMessage(query(), key, nowSeconds);
    const at = octets.indexOf(mac);
    const cut = Buffer.concat([octets.subarray(0, at + 8), octets.subarray(at + mac.length)]);
    cut.writeUInt16BE(8, at - 2);
    const lengthAt = at - 2 - 8 - parseName("hmac-sha256").length - 2;
    cut.writeUInt16BE(cut.readUInt16BE(lengthAt) - (mac.length - 8), lengthAt);
    const verdict = verify(cut, key);
    assert.equal(verdict.kind === "invalid" && verdict.error, resultCodes.BADTRUNC);
  });
});
