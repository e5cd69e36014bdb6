import assert from "node:assert/strict";
import { test } from "node:test";
import { createEncodingRoom } from "./encoding-room.ts";

test("texts one after the other share the room, and each is whole", () => {
  const encode = createEncodingRoom();
  const first = encode("a".repeat(100));
  first.giveBack();
  const second = encode("größer µ");
  assert.equal(second.bytes.toString(), "größer µ");
  assert.equal(second.bytes.buffer, first.bytes.buffer);
  second.giveBack();
  assert.equal(encode("b".repeat(5_000)).bytes.toString(), "b".repeat(5_000));
});

test("texts at the same time have a room each", () => {
  const encode = createEncodingRoom();
  const first = encode("one of them");
  const second = encode("and the other");
  first.giveBack();
  first.giveBack();
  const third = encode("a third");
  assert.equal(second.bytes.toString(), "and the other");
  assert.equal(third.bytes.toString(), "a third");
});
