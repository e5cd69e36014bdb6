import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentAnswerHead } from "@mycloud/protocol/agent-question";
import { createAnswerStream } from "./answer-stream.ts";
import { untilDirected } from "./until-directed.ts";

const changed: AgentAnswerHead = { files: { kind: "changed", entry: null } };
const patience = { sleep: async () => undefined, random: () => 0.5 };
const never = new AbortController().signal;

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString();
}

test("what was done is not done again when its answer is sent again", async () => {
  let times = 0;
  const answer = createAnswerStream(async () => {
    times++;
    return { head: changed, body: null };
  });
  const first = await textOf(answer.pieces());
  assert.equal(first, `${JSON.stringify(changed)}\n`);
  assert.equal(await textOf(answer.pieces()), first);
  assert.equal(times, 1);
});

test("a body that went to the wrong place is made anew, and one that nobody reads is ended", async () => {
  const ended: number[] = [];
  let times = 0;
  async function* body(number: number) {
    try {
      yield Buffer.from(`body ${number}`);
    } finally {
      ended.push(number);
    }
  }
  const answer = createAnswerStream(async () => ({ head: changed, body: body(++times) }));
  for (const number of [1, 2]) assert.match(await textOf(answer.pieces()), new RegExp(`\nbody ${number}$`));
  const third = answer.pieces();
  await third.next();
  await third.return(undefined);
  await answer.close();
  assert.deepEqual([ended, times], [[1, 2], 3]);
});

test("a control plane that does not wait is tried past, within bounds", async () => {
  let times = 0;
  const found = await untilDirected(
    async () => (++times < 5 ? { kind: "misdirected" } : { kind: "ok", value: times }),
    patience,
    never,
  );
  assert.deepEqual(found, { kind: "ok", value: 5 });
  times = 0;
  const lost = await untilDirected(async () => ({ kind: "misdirected", times: ++times }), patience, never);
  assert.equal(lost.kind, "misdirected");
  assert.equal(times, 30);
  times = 0;
  await untilDirected(async () => ({ kind: "unreachable", message: `${++times}` }), patience, never);
  assert.equal(times, 3);
  times = 0;
  await untilDirected(async () => ({ kind: "unwanted", times: ++times }), patience, never);
  assert.equal(times, 1);
});
