import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { type AskedProcess, createAskedProcess } from "./asked-process.ts";
import type { AnswerPart } from "./asked-words.ts";

interface Head {
  readonly pid: number;
  readonly secret: string | null;
}
type Told = Exclude<AnswerPart<Head>, { kind: "failed" }> | { kind: "failed"; askId: number; error: string };

const never = new AbortController().signal;

function create(hangsAfterMs?: number): AskedProcess<Head> {
  return createAskedProcess<Head>({
    script: new URL("./fixtures/counting-process.ts", import.meta.url),
    nodeOptions: [],
    passedOn: ["PATH"],
    idleMs: 60_000,
    ...(hangsAfterMs === undefined ? {} : { hangsAfterMs }),
    onLine: (line) => assert.fail(line),
    lost: (reason) => new Error(`lost: ${reason}`),
    hear(message) {
      const told = message as Told;
      return told.kind === "failed" ? { ...told, error: new Error(told.error) } : told;
    },
  });
}

const bytes = (count: number) => (askId: number) => ({ kind: "ask", askId, bytes: count });

test("a body is as long as it was made, and comes no faster than it is read; nothing of the environment is passed on unasked", async (context) => {
  process.env.SECRET = "of the parent";
  const asked = create();
  context.after(() => asked.stop());
  const ended: number[] = [];
  const slow = await asked.ask(bytes(50_000_000), never, (askId) => ended.push(askId));
  assert.equal(slow.head.secret, null);
  await slow.body?.next();
  const whole = await asked.ask(bytes(3_000_001), never, (askId) => ended.push(askId));
  assert.equal(whole.head.pid, slow.head.pid);
  assert.ok(whole.body !== null);
  assert.equal((await buffer(whole.body)).length, 3_000_001);
  await slow.body?.return(undefined);
  assert.deepEqual(ended, [2, 1]);
});

test("a process that does not end what nobody wants is ended, and the next question starts another", async (context) => {
  const asked = create(200);
  context.after(() => asked.stop());
  const first = await asked.ask(bytes(0), never);
  const giving = new AbortController();
  const hanging = asked.ask(bytes(-1), giving.signal);
  const other = asked.ask(bytes(-1), never);
  giving.abort(new Error("enough"));
  await assert.rejects(hanging, /enough/);
  await assert.rejects(other, /lost: it hung/);
  const next = await asked.ask(bytes(0), never);
  assert.notEqual(next.head.pid, first.head.pid);
});

test("what is under way fails when the process is stopped, and nothing can be asked after", async () => {
  const asked = create();
  const under = asked.ask(bytes(-1), never);
  await asked.stop();
  await assert.rejects(under, /lost/);
  await assert.rejects(asked.ask(bytes(0), never), /lost: it was stopped/);
});
