import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { runTaskProcess, type TaskKind } from "./run-task-process.ts";

const Progress = z.object({ phase: z.string() });
const Result = z.object({ taken: z.array(z.string()) });
const kind: TaskKind<z.infer<typeof Progress>, z.infer<typeof Result>> = {
  name: "token",
  entry: new URL("./fixtures/token-task.ts", import.meta.url),
  progress: Progress,
  result: Result,
  nodeOptions: [],
};

function run(
  task: { tokens: number; ending?: string },
  options: { renew?: () => Promise<string>; signal?: AbortSignal; onProgress?: () => void },
) {
  const words = { kind: "start", token: "first", ending: "", ...task } as const;
  const { renew = () => Promise.reject(new Error("no more")), signal = new AbortController().signal } = options;
  const onLine = (line: string) => assert.fail(line);
  return runTaskProcess(kind, words, {
    onProgress: options.onProgress ?? (() => {}),
    renewToken: renew,
    onLine,
    signal,
  });
}

test("a task gets its first token with it, each further when it asks, and tells each phase once", async () => {
  let renewed = 0;
  let told = 0;
  const ending = await run({ tokens: 3 }, { renew: async () => `renewed ${++renewed}`, onProgress: () => void told++ });
  assert.deepEqual(ending, { kind: "done", result: { taken: ["first", "renewed 1", "renewed 2"] } });
  assert.equal(told, 1);
});

test("a task for which there is no further token fails with the words of why", async () => {
  assert.deepEqual(await run({ tokens: 2 }, {}), { kind: "failed", message: "no more", isRetryable: false });
});

test("a task whose process crashes has failed and may be tried again; one that is stopped is stopped", async () => {
  assert.deepEqual(await run({ tokens: 1, ending: "crash" }, {}), {
    kind: "failed",
    message: "the token's process ended with SIGKILL",
    isRetryable: true,
  });
  const stopping = new AbortController();
  const ending = run({ tokens: 1, ending: "wait" }, { signal: stopping.signal, onProgress: () => stopping.abort() });
  assert.deepEqual(await ending, { kind: "stopped" });
});
