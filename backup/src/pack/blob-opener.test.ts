import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { idOf } from "../blob/index.ts";
import { compress } from "../compression/index.ts";
import { createCipher, generateMasterKey } from "../crypto/index.ts";
import { createBlobOpener, releaseBlob } from "./blob-opener.ts";

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
    });
    assert.deepEqual(opener.open(cipher.seal(frame), { id, uncompressedLength: text.length }), {
      plaintext: plain,
      frame: new Uint8Array(frame),
    });
  });

  it("leaves nothing of a blob that was released", () => {
    const opened = opener.open(cipher.seal(frame), { id, uncompressedLength: text.length });
    assert.ok(typeof opened !== "string");
    releaseBlob(opened);
    assert.deepEqual([opened.plaintext.length, opened.frame?.length], [0, 0]);
    assert.ok(typeof opener.open(cipher.seal(frame), { id, uncompressedLength: text.length }) !== "string");
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
