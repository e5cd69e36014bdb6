// `npm run test:faults`: somebody pulls the network cable, rotates every log, kills everything twice and plugs it back. Takes two minutes, most of them
// until the control plane finds a silence too long.
import assert from "node:assert/strict";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { LogRecord } from "@mycloud/protocol/log-record";
import { createLogrotate, exportRecords, hindrance, startNumberedWriter } from "../logs-story/index.ts";
import { cableHindrance, layCable } from "../logs-story/network-cable.ts";
import {
  cleanupOfSuite,
  freePort,
  type MycloudProcess,
  repositoryRoot,
  startMycloud,
  startServer,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const names = ["renamed", "rotated"];
const host = "far-away";

describe("a host whose network cable is pulled", { skip: cableHindrance() || hindrance() }, () => {
  const cleanup = cleanupOfSuite();

  test("loses no line, whatever is rotated and killed meanwhile, and the one that mattered is found by one query", async () => {
    const cable = layCable(cleanup);
    const port = await freePort();
    const server = await startServer(cleanup, {
      port,
      env: {
        MYCLOUD_HTTP: `0.0.0.0:${port}`,
        MYCLOUD_PUBLIC_URL: `http://${cable.address}:${port}`,
        MYCLOUD_FORWARD: `${cable.address}:${await freePort()}`,
        MYCLOUD_SYSLOG: "off",
      },
    });
    const directory = await temporaryDirectory("logs");
    const stateDir = await temporaryDirectory("agent");
    await mkdir(join(stateDir, "agent"), { mode: 0o700 });
    await writeFile(join(stateDir, "agent/policy.yaml"), `logRoots: ["${directory}"]\n`);

    async function post(path: string, body: object) {
      const answer = await server.api("POST", `/api/v1/${path}`, { body });
      assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    }
    const startThere = (args: readonly string[], env = {}): MycloudProcess => {
      const [program, ...rest] = cable.there([join(repositoryRoot, "bin/mycloud"), ...args]);
      return startMycloud(rest, { program, env });
    };
    const find = async (query: string): Promise<LogRecord[]> => {
      const { status, body } = await server.api("GET", `/api/v1/logs?${new URLSearchParams({ query })}`);
      assert.equal(status, 200, JSON.stringify(body));
      return body.records;
    };
    const arrives = (query: string) =>
      waitFor(async () => (await find(query)).length > 0, 120_000, `${query} among the logs`).catch(
        (error: unknown) => {
          throw new Error(`${error}\n${agent.stderr().slice(-4_000)}`);
        },
      );
    const isConnected = async () => {
      const filter = encodeURIComponent(JSON.stringify({ name: host }));
      return (await server.api("GET", `/api/v1/hosts?filter=${filter}`)).body.data[0]?.state;
    };

    const { token } = await post("enrolment-tokens", { hostName: host });
    const enrolled = startThere(
      ["agent", "enrol", "--server", `http://${cable.address}:${port}`, "--state-dir", stateDir, "--host-name", host],
      { MYCLOUD_ENROLMENT_TOKEN: token },
    );
    assert.equal((await enrolled.ended).code, 0, enrolled.stderr());
    await post("log-sources", {
      name: "story",
      selector: { hosts: [host] },
      input: { type: "file", paths: [`${directory}/*.log`], startAt: "beginning" },
      service: "story",
    });
    let agent = startThere(["agent", "run", "--state-dir", stateDir]);
    cleanup.after(async () => void (await agent.stop()));
    const writer = startNumberedWriter(directory, names);
    cleanup.after(() => writer.stop());
    const rotate = await createLogrotate(directory, "rotated");
    const rotateAll = async () => {
      writer.rotateByRename("renamed");
      await rotate();
    };
    const catchesUp = async () => {
      const last = writer.count() - 1;
      for (const name of names) await arrives(`service:story "${name} ${last}"`);
    };
    await catchesUp();
    await waitFor(async () => (await isConnected()) === "UP", 60_000, "the host to be UP");

    cable.pull();
    const pulledAt = writer.count();
    await appendFile(join(directory, "app.log"), "kernel: the disk sdb is dying, sector 4711\n");
    await waitFor(async () => (await isConnected()) !== "UP", 180_000, "the silence to be noticed");
    for (let time = 0; time < 2; time++) {
      await rotateAll();
      agent.kill("SIGKILL");
      await Promise.all([server.kill(), agent.ended]);
      await rotateAll();
      const restarted = startThere(["agent", "run", "--state-dir", stateDir]);
      agent = restarted;
      await server.start();
      await waitFor(() => restarted.stderr().includes("configuration in force"), 60_000, "the agent without a network");
    }
    assert.deepEqual(await find('"sdb is dying"'), [], "nothing came by a cable that is out");
    cable.plug();
    await catchesUp();
    await writer.stop();
    await catchesUp();

    const found = await find("host:far-away disk dying");
    assert.deepEqual(
      found.map(({ message }) => message),
      ["kernel: the disk sdb is dying, sector 4711"],
    );
    const count = writer.count();
    assert.ok(count - pulledAt > 500, `${count - pulledAt} lines without a cable prove little`);
    const messages = (await exportRecords(server.api, undefined, "service:story")).map(({ message }) => message);
    for (const name of names) {
      const numbers = messages
        .filter((message) => message.startsWith(`${name} `))
        .map((message) => Number(message.slice(name.length + 1)));
      const wrong = numbers.findIndex((number, index) => number !== index);
      assert.equal(wrong, -1, `${name}: where ${wrong} belongs is ${numbers.slice(wrong, wrong + 20)}`);
      assert.equal(numbers.length, count, `${name}: lines`);
    }
    assert.equal(messages.length, names.length * count + 1);
  });
});
