import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createCipher } from "./cipher.ts";
import { generateMasterKey } from "./master-key-document.ts";

describe("a cipher", () => {
  const key = generateMasterKey();
  const cipher = createCipher(key);

  it("opens what it sealed, at every length and offset", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000, size: "max" }), fc.nat(40), (plaintext, offset) => {
        const target = new Uint8Array(plaintext.length + 32 + 80).fill(0xaa);
        assert.equal(cipher.sealInto(plaintext, target, offset), plaintext.length + 32);
        assert.deepEqual(cipher.open(target.slice(offset, offset + plaintext.length + 32)), plaintext);
        assert.ok(target.subarray(0, offset).every((byte) => byte === 0xaa));
        assert.ok(target.subarray(offset + plaintext.length + 32).every((byte) => byte === 0xaa));
      }),
    );
  });

  it("opens what is longer than its steps", () => {
    const plaintext = Uint8Array.from({ length: 700_001 }, (_, at) => (at * 7) >> 3);
    assert.deepEqual(createCipher(key).open(cipher.seal(plaintext)), plaintext);
  });

  it("opens nothing in which one bit was changed, wherever it is", () => {
    const sealed = cipher.seal(Buffer.from("the plaintext of a blob"));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(cipher.open(changed), null, `bit ${bit}`);
    }
  });

  it("opens nothing that is cut short", () => {
    const sealed = cipher.seal(Buffer.from("the plaintext of a blob"));
    for (let length = 0; length < sealed.length; length++) assert.equal(cipher.open(sealed.subarray(0, length)), null);
  });

  it("opens nothing that another key sealed", () => {
    assert.equal(cipher.open(createCipher(generateMasterKey()).seal(new Uint8Array(100))), null);
  });

  it("uses no nonce twice", () => {
    const nonces = Array.from({ length: 2000 }, () =>
      Buffer.from(cipher.seal(new Uint8Array(0))).toString("hex", 0, 16),
    );
    assert.equal(new Set(nonces).size, nonces.length);
  });

  it("refuses to write beyond the end of its target", () => {
    assert.throws(() => cipher.sealInto(new Uint8Array(10), new Uint8Array(50), 9), RangeError);
  });
});
