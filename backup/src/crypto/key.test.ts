import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCipher } from "./cipher.ts";
import { deriveKey } from "./derive-key.ts";
import { decodeMasterKey, encodeMasterKey, generateMasterKey } from "./master-key-document.ts";

// A key file that restic 0.14 wrote, with the password "geheim".
const keyFile = {
  N: 32768,
  r: 8,
  p: 5,
  salt: "q3255jD4CfBZWKZ1yArgibhORIjsnT5PudHS1ggJm80LnLmPo2zL6vGEdYwKaxeHT1OWtiH4qvYzMCR7TEZTnw==",
  data: "o3u47E/6UyH8KpvP3BZzjBh25DtOsNfRQRyhmMiikEcgFDCYRIPRJy+KCqMl7xyTX5VXQMvEXhPDM65XTOWQJAfsFOiTgEXGOF8RAuW2YXCwPVK7TlYRS4xIIs5G8p1wKv87WxmkteqKs8Ce7Mix+mSERCcAR8TzH+wiPFr7ZuMnj3MwxCoF5HO8jeIACgG5aQ2F8diSJYkl+7a7w3LNrA==",
};

describe("keys", () => {
  it("open a key file of restic's with its password", async () => {
    const derived = await deriveKey("geheim", Buffer.from(keyFile.salt, "base64"), keyFile);
    const plaintext = createCipher(derived).open(Buffer.from(keyFile.data, "base64"));
    assert.ok(plaintext !== null);
    const master = decodeMasterKey(JSON.parse(Buffer.from(plaintext).toString()));
    assert.ok(master !== null);
    assert.equal(Buffer.from(master.encrypt).toString("base64"), "TS5P9l+5OklsUTSF19z23/A3M435CNlv+DxT3IKwB3A=");
  });

  it("do not open it with another password", async () => {
    const derived = await deriveKey("geheimnis", Buffer.from(keyFile.salt, "base64"), keyFile);
    assert.equal(createCipher(derived).open(Buffer.from(keyFile.data, "base64")), null);
  });

  it("come back from their document", () => {
    const key = generateMasterKey();
    const decoded = decodeMasterKey(JSON.parse(JSON.stringify(encodeMasterKey(key))));
    assert.ok(decoded !== null);
    assert.deepEqual(
      [decoded.encrypt, decoded.macK, decoded.macR].map((bytes) => Buffer.from(bytes)),
      [key.encrypt, key.macK, key.macR].map((bytes) => Buffer.from(bytes)),
    );
  });

  it("are not read from a document of another form", () => {
    const { mac, encrypt } = encodeMasterKey(generateMasterKey());
    for (const document of [null, 7, "x", [], {}, { mac }, { encrypt }, { mac: { k: mac.k }, encrypt }]) {
      assert.equal(decodeMasterKey(document), null);
    }
    assert.equal(decodeMasterKey({ mac, encrypt: `${encrypt.slice(0, 20)}` }), null);
    assert.equal(decodeMasterKey({ mac: { ...mac, r: 16 }, encrypt }), null);
  });

  it("are not derived with parameters that a hostile server would choose", async () => {
    const hostile = [
      { N: 2 ** 30, r: 8, p: 1 },
      { N: 2 ** 14, r: 2 ** 20, p: 1 },
      { N: 2 ** 20, r: 8, p: 1000 },
      { N: 0, r: 8, p: 1 },
      { N: 1, r: 8, p: 1 },
      { N: 3000, r: 8, p: 1 },
      { N: 2 ** 14, r: -8, p: 1 },
      { N: 2 ** 14, r: 8, p: 0.5 },
      { N: Number.NaN, r: 8, p: 1 },
    ];
    for (const parameters of hostile) {
      await assert.rejects(deriveKey("x", new Uint8Array(64), parameters), { code: "MYCLOUD_BACKUP_DAMAGED" });
    }
  });
});
