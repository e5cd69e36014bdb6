import assert from "node:assert/strict";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { StateChange } from "@mycloud/protocol/state-change";
import {
  cleanupOfSuite,
  runMycloud,
  startMycloud,
  startServer,
  type TestServer,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

describe("agents act on states and tell what there is to watch", () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;
  let stateDir = "";
  let hostId = 0;
  const file = (name: string) => join(stateDir, name);

  before(async () => {
    server = await startServer(cleanup);
    stateDir = await temporaryDirectory("agent");
    const { body: token } = await server.api("POST", "/api/v1/enrolment-tokens", { body: {} });
    const enrolled = await runMycloud(
      ["agent", "enrol", "--server", server.url, "--state-dir", stateDir, "--host-name", "web1", "--json"],
      { env: { MYCLOUD_ENROLMENT_TOKEN: token.token } },
    );
    assert.equal(enrolled.code, 0, enrolled.stderr);
    hostId = JSON.parse(enrolled.stdout).hostId;
    await writeFile(
      file("handler"),
      '#!/bin/sh\n{ printf "<%s>" "$@"; echo; env | grep ^NAGIOS_; } >>"$0.log"\necho handled\n',
    );
    await chmod(file("handler"), 0o755);
    await writeFile(file("agent/policy.yaml"), `eventHandlers:\n  restart: [${file("handler")}, --unit]\n`);
    const agent = startMycloud(["agent", "run", "--state-dir", stateDir]);
    cleanup.after(async () => {
      await agent.stop();
    });
    const service = { hostId, name: "http", maxCheckAttempts: 2 };
    const created = await server.api("POST", "/api/v1/services", { body: service });
    assert.ok(created.status < 300, JSON.stringify(created.body));
  });

  const report = async (returnCode: number, output: string) => {
    const body = [{ host: "web1", service: "http", returnCode, output }];
    const { body: answer } = await server.api("POST", "/api/v1/check-results", { body });
    assert.equal(answer.accepted, 1, JSON.stringify(answer));
  };

  const runs = async () => {
    const { body } = await server.api("GET", "/api/v1/state-changes?perPage=100&sort=id&order=ASC");
    return (body.data as StateChange[]).flatMap(({ toState, stateType, eventHandlers = [] }) =>
      eventHandlers.map((run) => ({ toState, stateType, ...run })),
    );
  };

  test("a SOFT, a HARD and a recovering change each run the handler once; what the policy does not name is refused", async () => {
    const handlers = [
      {
        name: "restart nginx",
        selector: { services: ["http"] },
        states: ["CRITICAL", "OK"],
        stateTypes: ["SOFT", "HARD"],
        command: "restart",
        arguments: ["$SERVICEDESC$", "$SERVICEOUTPUT$"],
      },
      { name: "reboot", selector: { services: ["http"] }, command: "reboot" },
    ];
    for (const body of handlers) {
      const { status, body: answer } = await server.api("POST", "/api/v1/event-handlers", { body });
      assert.equal(status, 200, JSON.stringify(answer));
    }
    await report(2, "gone; $(touch /tmp/never)");
    await report(2, "gone");
    await report(2, "gone");
    await report(0, "back");
    const isFinished = ({ phase }: { phase: string }) => phase !== "queued" && phase !== "delivered";
    const finished = await waitFor(
      async () => {
        const all = await runs();
        return all.length === 4 && all.every(isFinished) ? all : undefined;
      },
      20_000,
      "the handlers to run",
    );
    assert.deepEqual(
      finished.map((run) => [run.name, run.toState, run.stateType, run.phase, run.output]),
      [
        ["restart nginx", "CRITICAL", "SOFT", "done", "handled"],
        ["reboot", "CRITICAL", "HARD", "refused", null],
        ["restart nginx", "CRITICAL", "HARD", "done", "handled"],
        ["restart nginx", "OK", "HARD", "done", "handled"],
      ],
    );
    assert.match(finished[1]?.message ?? "", /names no event handler "reboot"/);
    const log = await readFile(file("handler.log"), "utf8");
    const calls = log.split("\n").filter((line) => line.startsWith("<"));
    assert.deepEqual(calls, [
      "<--unit><http><gone; $(touch /tmp/never)>",
      "<--unit><http><gone>",
      "<--unit><http><back>",
    ]);
    assert.match(log, /^NAGIOS_SERVICESTATETYPE=SOFT$/m);
    const { body: audit } = await server.api("GET", "/api/v1/audit-entries?perPage=200");
    const actions = audit.data.map(({ action }: { action: string }) => action);
    assert.equal(actions.filter((action: string) => action === "event-handler.queue").length, 4);
    assert.equal(actions.filter((action: string) => action === "event-handler.run").length, 4);
  });

  test("what there is to watch is proposed by hand and on request, and approving it makes a service that runs", async () => {
    const dry = await runMycloud(["agent", "discover", "--state-dir", stateDir, "--dry-run", "--json"]);
    assert.equal(dry.code, 0, dry.stderr);
    assert.equal(JSON.parse(dry.stdout).answer, null);
    const proposals = async () => (await server.api("GET", "/api/v1/service-proposals?perPage=1000")).body.data;
    assert.deepEqual(await proposals(), []);

    const listener = await listenBelow(32_768);
    cleanup.after(() => listener.close());
    const key = String(listener.port);

    const command = async (...words: string[]) => {
      const { code, stdout, stderr } = await runMycloud([
        "service-proposal",
        ...words,
        "--json",
        "--state-dir",
        server.stateDir,
      ]);
      assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
      return JSON.parse(stdout);
    };
    assert.equal((await command("discover", "web1")).done.length, 1);
    const found = await waitFor(
      async () => (await proposals()).find((one: { key: string }) => one.key === key),
      20_000,
      "the agent to find the port",
    );
    assert.deepEqual([found.kind, found.phase, found.hostName], ["port", "proposed", "web1"]);
    const listed = await command("list", "--host", "web1", "--kind", "port");
    assert.ok(listed.some((one: { id: number }) => one.id === found.id));
    assert.deepEqual((await command("approve", String(found.id))).refused, []);
    const rejected = await command("reject", "--host", "web1", "--kind", "filesystem,unit,interface");
    assert.deepEqual(rejected.refused, []);
    assert.deepEqual(await command("list", "--kind", "filesystem,unit,interface"), []);
    const state = await waitFor(
      async () => {
        const filter = encodeURIComponent(JSON.stringify({ hostId }));
        const { body } = await server.api("GET", `/api/v1/services?filter=${filter}`);
        return body.data.find(
          (one: { name: string; state: string }) => one.name === `port ${key}` && one.state === "OK",
        );
      },
      30_000,
      "the approved service to be OK",
    );
    assert.equal(state.hostName, "web1");

    const again = await runMycloud(["agent", "discover", "--state-dir", stateDir]);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /wait for approval in the console, [1-9]\d* are watched already/);
    await listener.close();
    const last = await runMycloud(["agent", "discover", "--state-dir", stateDir, "--json"]);
    assert.equal(JSON.parse(last.stdout).answer.vanished, 1);
    const gone = (await proposals()).find((one: { key: string }) => one.key === key);
    assert.equal(gone.phase, "approved");
    assert.ok(gone.vanishedAtMs > 0);
  });
});

/** Something that listens on every address, at a free port that the kernel gives to nobody by itself. */
async function listenBelow(limit: number) {
  for (let port = limit - 1; port > 20_000; port -= 7) {
    // Whoever looks at the port may go away before it is greeted.
    const server = createServer((socket) => socket.on("error", () => undefined).end("hello\r\n"));
    const isListening = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "0.0.0.0", () => resolve(true));
    });
    if (!isListening) continue;
    return { port, close: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
  }
  throw new Error("no port is free");
}
