import assert from "node:assert/strict";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { BackupJob } from "@mycloud/protocol/backup-policy";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { answerTimer } from "../backup-job/answer-timer.ts";
import { createLogger } from "../logger/index.ts";
import { askLocalAgent, type LocalRequest, serveLocalSocket } from "./index.ts";

const never = new AbortController().signal;
const logger = createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now });
const job = (repositoryId: number, policyName: string, timing: "agent" | "timer") =>
  BackupJob.parse({ repositoryId, policyName, keyMode: "managed", schedule: {}, paths: ["/"], timing });

test("a timer begins the jobs that are left to it, or those that it names, and hears of the others", async () => {
  const asked: number[] = [];
  const runner = {
    requestByTimer: async (id: number) => {
      asked.push(id);
      return id === 2 ? "a run of it is under way already" : null;
    },
  };
  const jobs = [job(1, "home", "timer"), job(2, "etc", "timer"), job(3, "web", "agent")];
  const request = (policies: string[]): LocalRequest => ({ ask: "sync", policies });
  assert.deepEqual(await answerTimer(runner, jobs, request([])), {
    jobs: [
      { policyName: "home", refusal: null },
      { policyName: "etc", refusal: "a run of it is under way already" },
    ],
    unknown: [],
  });
  assert.deepEqual(await answerTimer(runner, jobs, request(["web", "nosuch"])), {
    jobs: [{ policyName: "web", refusal: null }],
    unknown: ["nosuch"],
  });
  assert.deepEqual(asked, [1, 2, 3]);
});

test("the socket is its owner's alone, takes a path of any length, and replaces what a killed agent left", async () => {
  const directory = join(testDirectory(), "d".repeat(120));
  mkdirSync(directory);
  const path = join(directory, "agent.socket");
  writeFileSync(path, "left behind");
  const asked: LocalRequest[] = [];
  const answer = { jobs: [{ policyName: "häuslich", refusal: null }], unknown: [] };
  const close = await serveLocalSocket({
    path,
    logger,
    answer: async (request) => {
      asked.push(request);
      return answer;
    },
  });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(await askLocalAgent(path, { ask: "sync", policies: ["häuslich"] }, never), answer);
  assert.deepEqual(asked, [{ ask: "sync", policies: ["häuslich"] }]);
  await close();
  await assert.rejects(askLocalAgent(path, { ask: "sync", policies: [] }, never), { code: "ENOENT" });
});

test("what is no request is not answered, and a silent or endless one keeps nobody waiting", async () => {
  const path = join(testDirectory(), "agent.socket");
  const close = await serveLocalSocket({ path, logger, answer: async () => assert.fail("nothing was asked for") });
  for (const words of ['{"ask":"shell"}\n', "no json\n", "x".repeat(100_000)]) {
    const got = await new Promise<string>((resolve) => {
      const socket = connect({ path });
      let text = "";
      socket.on("data", (part) => {
        text += part.toString();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(text));
      socket.write(words);
    });
    assert.equal(got, "");
  }
  const silent = connect({ path });
  silent.on("error", () => undefined);
  await new Promise((resolve) => silent.once("connect", resolve));
  await close();
});
