import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { idOf } from "../blob/index.ts";
import { compress } from "../compression/index.ts";
import { createCipher, generateMasterKey } from "../crypto/index.ts";
import { createBlobOpener, createLender, releaseBlob } from "./blob-opener.ts";

describe("opening a blob", () => {
  const cipher = createCipher(generateMasterKey());
  const opener = createBlobOpener(cipher);
  const text = Buffer.from("of which there is a lot; ".repeat(50));
  const frame = compress(text) ?? new Uint8Array();
  const id = idOf(text);

  it("gives its plaintext, and the frame of one that was compressed", () => {
    const plain = new Uint8Array(text);
    assert.deepEqual(opener.open(cipher.seal(text), { id, uncompressedLength: null }), {
      plaintext: plain,
      frame: null,
      isLent: false,
    });
    assert.deepEqual(opener.open(cipher.seal(frame), { id, uncompressedLength: text.length }), {
      plaintext: plain,
      frame: new Uint8Array(frame),
      isLent: false,
    });
  });

  it("leaves nothing of a blob that was released", () => {
    const long = randomBytes(20_000).toString("hex");
    const [plaintext, squeezed] = [Buffer.from(long), compress(Buffer.from(long)) ?? new Uint8Array()];
    const blob = { id: idOf(plaintext), uncompressedLength: plaintext.length };
    const opened = opener.open(cipher.seal(squeezed), blob);
    assert.ok(typeof opened !== "string");
    releaseBlob(opened);
    assert.deepEqual([opened.plaintext.length, opened.frame?.length], [0, 0]);
    assert.ok(typeof opener.open(cipher.seal(squeezed), blob) !== "string");
  });

  it("puts one after the other into memory that is lent, which releasing leaves", () => {
    const borrower = createBlobOpener(cipher, createLender());
    const first = borrower.open(cipher.seal(frame), { id, uncompressedLength: text.length });
    assert.ok(typeof first !== "string" && first.isLent);
    releaseBlob(first);
    const second = borrower.open(cipher.seal(frame), { id, uncompressedLength: text.length });
    assert.ok(typeof second !== "string");
    assert.equal(second.plaintext.buffer, first.plaintext.buffer);
    assert.deepEqual(second.plaintext, new Uint8Array(text));
    const long = randomBytes(300_000);
    const raw = borrower.open(cipher.seal(long), { id: idOf(long), uncompressedLength: null });
    assert.ok(typeof raw !== "string" && raw.isLent && raw.frame === null);
    assert.deepEqual(raw.plaintext, new Uint8Array(long));
  });

  it("says what is wrong with one that is not what was stored", () => {
    const sealed = cipher.seal(text);
    sealed[20]! ^= 1;
    assert.equal(opener.open(sealed, { id, uncompressedLength: null }), "mac");
    assert.equal(opener.open(cipher.seal(text), { id, uncompressedLength: 7 }), "frame");
    assert.equal(opener.open(cipher.seal(frame), { id, uncompressedLength: text.length + 1 }), "frame");
    assert.equal(opener.open(cipher.seal(frame), { id, uncompressedLength: null }), "name");
    assert.equal(opener.open(cipher.seal(text), { id: idOf(frame), uncompressedLength: null }), "name");
  });
});
