import assert from "node:assert/strict";
import { it } from "node:test";
import { findTotpStep } from "./totp.ts";

// RFC 6238 appendix B, SHA-1, shortened to six digits; the secret is "12345678901234567890" in base32.
const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const vectors: [number, string][] = [
  [59, "287082"],
  [1111111109, "081804"],
  [1111111111, "050471"],
  [1234567890, "005924"],
  [2000000000, "279037"],
  [20000000000, "353130"],
];

for (const [seconds, code] of vectors) {
  it(`at ${seconds} s the code is ${code}, as RFC 6238 says`, () => {
    const step = Math.floor(seconds / 30);
    assert.equal(findTotpStep(secret, code, seconds * 1000, null), step);
    assert.equal(findTotpStep(secret, `${code.slice(0, 3)} ${code.slice(3)}`, seconds * 1000, null), step);
    assert.equal(findTotpStep(secret, code, (seconds + 30) * 1000, null), step, "one step late");
    assert.equal(findTotpStep(secret, code, (seconds + 61) * 1000, null), null, "two steps late");
    assert.equal(findTotpStep(secret, code, seconds * 1000, step), null, "taken before");
  });
}

it("what is no code is none", () => {
  for (const text of ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
    assert.equal(findTotpStep(secret, text, 59_000, null), null);
});
