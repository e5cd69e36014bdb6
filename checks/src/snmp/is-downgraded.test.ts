import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isDowngraded } from "./is-downgraded.ts";
import { encode, encodeInteger } from "./testing/ber.ts";

function message(flags: number, pduTag: number | null): Buffer {
  const header = encode(
    0x30,
    encodeInteger(7),
    encodeInteger(65_507),
    encode(4, Buffer.from([flags])),
    encodeInteger(3),
  );
  const scoped = encode(0x30, encode(4, Buffer.from("engine")), encode(4), encode(pduTag ?? 0, encodeInteger(7)));
  return encode(0x30, encodeInteger(3), header, encode(4, encode(0x30)), pduTag === null ? encode(4, scoped) : scoped);
}

const response = 0xa2;
const report = 0xa8;

test("an answer that is less protected than the question is told from reports, which may be", () => {
  const secret = { isSigned: true, isEncrypted: true };
  const signed = { isSigned: true, isEncrypted: false };
  const open = { isSigned: false, isEncrypted: false };
  const table = [
    [message(3, null), secret, false],
    [message(1, response), secret, true],
    [message(0, response), secret, true],
    [message(0, report), secret, false],
    [message(1, report), secret, false],
    [message(2, null), secret, true],
    [message(1, response), signed, false],
    [message(0, response), signed, true],
    [message(0, response), open, false],
    [Buffer.from("junk"), open, true],
  ] as const;
  for (const [bytes, wanted, expected] of table) {
    assert.equal(isDowngraded(bytes, wanted), expected, `${bytes.toString("hex")} ${JSON.stringify(wanted)}`);
  }
});

test("no bytes make it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(80), (junk, cut) => {
      isDowngraded(Buffer.from(junk), { isSigned: true, isEncrypted: true });
      isDowngraded(message(1, response).subarray(0, cut), { isSigned: true, isEncrypted: true });
    }),
  );
});
