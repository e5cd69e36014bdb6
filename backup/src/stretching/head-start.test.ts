import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { beginStretching, stretchPassword } from "./index.ts";

const directory = mkdtempSync(join(tmpdir(), "head-start-"));
const salt = Buffer.alloc(64, 7);
const [first, second] = ["1".repeat(64), "2".repeat(64)];
mkdirSync(join(directory, "keys"));
storeKey(first, { N: 16, r: 2, p: 3 });
storeKey(second, { N: 32, r: 2, p: 3 });
writeFileSync(join(directory, "keys", "0-no-key"), "{}");
after(() => rmSync(directory, { recursive: true }));

function storeKey(name: string, fields: object, root = directory): void {
  const file = JSON.stringify({ kdf: "scrypt", salt: salt.toString("base64"), ...fields });
  writeFileSync(join(root, "keys", name), file);
}

describe("a head start", () => {
  it("stretches the password for the first key by name", async () => {
    const bytes = await beginStretching(directory, "geheim", null)?.take("geheim", salt, { N: 16, r: 2, p: 3 });
    assert.deepEqual(bytes, await stretchPassword("geheim", salt, { N: 16, r: 2, p: 3 }));
  });

  it("stretches it for the key of the hint", () => {
    for (const [hint, N] of [
      [second, 32],
      ["3".repeat(64), 16],
    ] as const) {
      const begun = beginStretching(directory, "geheim", hint);
      assert.ok(begun?.take("geheim", salt, { N, r: 2, p: 3 }) instanceof Promise, hint);
    }
  });

  it("is of no use for another password, salt or cost", () => {
    const begun = beginStretching(directory, "geheim", null);
    assert.ok(begun);
    assert.equal(begun.take("geheim ", salt, { N: 16, r: 2, p: 3 }), null);
    assert.equal(begun.take("geheim", Buffer.alloc(64), { N: 16, r: 2, p: 3 }), null);
    assert.equal(begun.take("geheim", salt, { N: 32, r: 2, p: 3 }), null);
    assert.equal(begun.take("geheim", salt, { N: 16, r: 3, p: 3 }), null);
    assert.equal(begun.take("geheim", salt, { N: 16, r: 2, p: 4 }), null);
  });

  it("is not made where there is no key, none that is whole, or one that asks for too much", () => {
    assert.equal(beginStretching(join(directory, "elsewhere"), "geheim", null), null);
    assert.equal(beginStretching(directory, "", null), null);
    const root = mkdtempSync(join(directory, "root-"));
    mkdirSync(join(root, "keys"));
    assert.equal(beginStretching(root, "geheim", null), null);
    for (const fields of [
      { N: 2 ** 30, r: 8, p: 1 },
      { N: 3, r: 8, p: 1 },
      { r: 8, p: 1 },
      { N: 16, r: 2, p: 3, salt: 1 },
    ]) {
      storeKey(first, fields, root);
      assert.equal(beginStretching(root, "geheim", null), null);
    }
    writeFileSync(join(root, "keys", first), "{");
    assert.equal(beginStretching(root, "geheim", null), null);
  });
});
