import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createPoly1305 } from "./poly1305.ts";

describe("Poly1305", () => {
  // D. J. Bernstein, "The Poly1305-AES message-authentication code", appendix B: r, AES_k(n), message, tag.
  const vectors = [
    [
      "851fc40c3467ac0be05cc20404f3f700",
      "580b3b0f9447bb1e69d095b5928b6dbc",
      "f3f6",
      "f4c633c3044fc145f84f335cb81953de",
    ],
    ["a0f3080000f46400d0c7e9076c834403", "dd3fab2251f11ac759f0887129cc2ee7", "", "dd3fab2251f11ac759f0887129cc2ee7"],
    [
      "48443d0bb0d21109c89a100b5ce2c208",
      "83149c69b561dd88298a1798b10716ef",
      "663cea190ffb83d89593f3f476b6bc24d7e679107ea26adb8caf6652d0656136",
      "0ee1c16bb73f0f4fd19881753c01cdbe",
    ],
    [
      "12976a08c4426d0ce8a82407c4f48207",
      "80f8c20aa71202d1e29179cbcb555a57",
      "ab0812724a7f1e342742cbed374d94d136c6b8795d45b3819830f2c04491faf0990c62e48b8018b2c3e4a0fa3134cb67fa83e158c994d961c4cb21095c1bf9",
      "5154ad0d2cb26e01274fc51148491f1b",
    ],
  ] as const;
  for (const [r, s, message, tag] of vectors) {
    it(`gives the paper's tag for ${message.length / 2} bytes`, () => assert.equal(tagOf(r, s, hex(message)), tag));
  }

  it("reduces what lies just below and above the modulus", () => {
    // RFC 8439, A.3, vectors 7 to 11: sums that come out at 2^130-5 and around.
    const ff = "ff".repeat(16);
    const zero = "00".repeat(16);
    const one = `01${"00".repeat(15)}`;
    const two = `02${"00".repeat(15)}`;
    assert.equal(tagOf(two, zero, hex(ff)), `03${"00".repeat(15)}`);
    assert.equal(tagOf(two, ff, hex(two)), `03${"00".repeat(15)}`);
    assert.equal(tagOf(one, zero, hex(`${ff}f0${"ff".repeat(15)}11${"00".repeat(15)}`)), `05${"00".repeat(15)}`);
    assert.equal(tagOf(one, zero, hex(`${ff}fb${"fe".repeat(15)}${"01".repeat(16)}`)), zero);
    assert.equal(tagOf(two, zero, hex(`fd${"ff".repeat(15)}`)), `fa${"ff".repeat(15)}`);
  });

  it("agrees with arithmetic on big integers for messages of every length", () => {
    const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(sixteen, sixteen, fc.uint8Array({ maxLength: 700, size: "max" }), (r, s, message) => {
        assert.equal(tagOf(toHex(r), toHex(s), message), reference(r, s, message));
      }),
      { numRuns: 300 },
    );
  });

  it("agrees with it when every bit is set and across several windows", () => {
    const ones = new Uint8Array(16).fill(255);
    for (const length of [16, 63, 64, 65, 128, 640, 65_536, 65_537, 65_536 + 63, 200_001]) {
      const message = new Uint8Array(length).fill(255);
      assert.equal(tagOf(toHex(ones), toHex(ones), message), reference(ones, ones, message), `${length} bytes`);
    }
  });
});

function tagOf(r: string, s: string, message: Uint8Array): string {
  const tag = new Uint8Array(16);
  createPoly1305(hex(r)).authenticate(message, hex(s), tag);
  return toHex(tag);
}

function reference(rBytes: Uint8Array, s: Uint8Array, message: Uint8Array): string {
  const prime = (1n << 130n) - 5n;
  const r = number(rBytes) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16);
    sum = ((sum + number(block) + (1n << BigInt(8 * block.length))) * r) % prime;
  }
  const tag = (sum + number(s)) & ((1n << 128n) - 1n);
  return toHex(Uint8Array.from(Buffer.from(tag.toString(16).padStart(32, "0"), "hex").reverse()));
}

function number(littleEndian: Uint8Array): bigint {
  return BigInt(`0x0${toHex(Uint8Array.from(littleEndian).reverse())}`);
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
