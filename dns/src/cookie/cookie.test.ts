import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkCookie } from "./cookie.ts";
import { sipHash24 } from "./siphash.ts";

describe("sipHash24", () => {
  it("is that of the paper's vectors", () => {
    const key = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
    const octets = (length: number) => Buffer.from(Array.from({ length }, (_, index) => index));
    const vectors: [length: number, hash: string][] = [
      [0, "310e0edd47db6f72"],
      [1, "fd67dc93c539f874"],
      [7, "37d1018bf50002ab"],
      [8, "6224939a79f5f593"],
      [9, "b0e4a90bdf82009e"],
      [63, "724506eb4c328a95"],
    ];
    for (const [length, hash] of vectors)
      assert.equal(sipHash24(key, octets(length)).toString("hex"), hash, `${length}`);
  });
});

describe("checkCookie", () => {
  const hex = (text: string) => Buffer.from(text, "hex");
  const secret = hex("e5e973e5a6b2a43f48e7dc849e37bfcf");
  const client = hex("2464c4abcf10c957");
  const address = Buffer.from([198, 51, 100, 100]);

  it("makes the server cookies of RFC 9018 appendix A", () => {
    const first = checkCookie(client, address, [secret], 1_559_731_985);
    assert.deepEqual(first, { kind: "unproven", reply: hex("2464c4abcf10c957010000005cf79f111f8130c3eee29480") });
    // Half an hour later it is renewed.
    const later = checkCookie(
      hex("2464c4abcf10c957010000005cf79f111f8130c3eee29480"),
      address,
      [secret],
      1_559_734_385,
    );
    assert.deepEqual(later, { kind: "proven", reply: hex("2464c4abcf10c957010000005cf7a871d4a564a1442aca77") });
  });

  it("makes those for IPv6, and rolls its secret over (appendix A.4)", () => {
    const six = hex("20010db802200001599910ba00000000");
    assert.equal(six.length, 16);
    const old = hex("dd3bdf9344b678b185a6f5cb60fca715");
    const fresh = hex("445536bcd2513298075a5d379663c962");
    const made = checkCookie(hex("22681ab97d52c298"), six, [old], 1_559_741_817);
    assert.equal(made.kind, "unproven");
    assert.ok(made.kind === "unproven");
    assert.equal(checkCookie(made.reply, six, [fresh, old], 1_559_741_900).kind, "proven");
    assert.equal(checkCookie(made.reply, six, [fresh], 1_559_741_900).kind, "unproven");
  });

  it("does not take one of another address, another time, or another length", () => {
    const made = checkCookie(client, address, [secret], 1_000_000);
    assert.ok(made.kind === "unproven");
    const { reply } = made;
    const kind = (option: Buffer, from: Buffer, at: number) => checkCookie(option, from, [secret], at).kind;
    assert.equal(kind(reply, address, 1_000_000), "proven");
    assert.equal(kind(reply, Buffer.from([198, 51, 100, 101]), 1_000_000), "unproven");
    assert.equal(kind(reply, address, 1_003_601), "unproven");
    assert.equal(kind(reply, address, 999_699), "unproven");
    for (const length of [0, 7, 9, 15, 41])
      assert.equal(kind(Buffer.alloc(length), address, 0), "malformed", `${length}`);
    for (const length of [16, 40]) assert.equal(kind(Buffer.alloc(length), address, 0), "unproven", `${length}`);
  });
});
