import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer, waitFor } from "../support/index.ts";

const hosts = 80;
const checks = 40;

const change = [
  ...Array.from({ length: hosts }, (_, index) => ({
    kind: "Host",
    name: `h${index}`,
    spec: { labels: { set: "big" } },
  })),
  ...Array.from({ length: checks }, (_, index) => ({
    kind: "Check",
    name: `cc-${index}`,
    spec: { command: "load", selector: { labels: { set: "big" } } },
  })),
];

test("kill -9 in the middle of a large apply: the next start carries it out, and nothing is left to apply", async (t) => {
  const server = await startServer(t, { env: { MYCLOUD_LOG_LEVEL: "warn" } });
  const apply = (query: string) =>
    fetch(`${server.url}/api/v1/apply-stream${query}`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.operatorToken}`, "content-type": "application/x-ndjson" },
      // What begins with half a megabyte is large, even if it is of nothing.
      body: `${" ".repeat(600_000)}\n${change.map((item) => JSON.stringify(item)).join("\n")}\n`,
    });
  const count = async () => {
    const filter = encodeURIComponent(JSON.stringify({ q: "cc-" }));
    return (await server.api("GET", `/api/v1/services?perPage=1&filter=${filter}`)).body.total;
  };

  const answer = await apply("");
  let text = "";
  await assert.rejects(async () => {
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      const done = [...text.matchAll(/"carrying-out","done":(\d+)/g)].at(-1)?.[1];
      // Hosts and checks are there, and the services of some hosts.
      if (Number(done) > hosts + checks + 200) await server.kill();
    }
  });
  assert.ok(!text.includes('"end"'), "the apply was over before the kill");

  await server.start();
  await waitFor(async () => (await count()) === hosts * checks, 20_000, "all services");
  // A dry run waits for nothing and finds nothing.
  const again = await waitFor(
    async () => {
      const lines = (await (await apply("?dryRun=true")).text()).trim().split("\n");
      return lines.some((line) => line.includes('"end"')) ? lines : undefined;
    },
    30_000,
    "the apply to be over",
  );
  const actions = again.flatMap((line) => JSON.parse(line).change?.action ?? []);
  assert.deepEqual([...new Set(actions)], ["unchanged"]);
  assert.equal(actions.length, change.length);
});
