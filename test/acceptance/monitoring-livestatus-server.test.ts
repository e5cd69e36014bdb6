// Livestatus as its peers use it: over TCP and a socket file, with and without commands, with the queries of NagVis, Thruk and Checkmk.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import test, { before, describe } from "node:test";
import { promisify } from "node:util";
import { askLivestatus, openLivestatus } from "../peers/livestatus-client.ts";
import { viewerQueries } from "../peers/livestatus-viewers.ts";
import {
  cleanupOfSuite,
  freePort,
  startServer,
  type TestServer,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const run = promisify(execFile);

interface Running {
  readonly server: TestServer;
  readonly port: number;
  readonly socketPath: string;
}

describe("a server with Livestatus", () => {
  const cleanup = cleanupOfSuite();
  let readOnly: Running;
  let commanded: Running;

  async function start(commands: string | undefined): Promise<Running> {
    const port = await freePort();
    const socketPath = join(await temporaryDirectory("livestatus"), "live");
    const env = {
      MYCLOUD_LIVESTATUS: `127.0.0.1:${port}`,
      MYCLOUD_LIVESTATUS_SOCKET: socketPath,
      MYCLOUD_LIVESTATUS_COMMANDS: commands,
    };
    const server = await startServer(cleanup, { env });
    const host = await server.api("POST", "/api/v1/hosts", {
      body: { name: "web1", groups: ["web"], maxCheckAttempts: 1 },
    });
    const service = { hostId: host.body.id, name: "http", maxCheckAttempts: 1 };
    assert.equal((await server.api("POST", "/api/v1/services", { body: service })).status, 200);
    await report(server, 2, "HTTP CRITICAL");
    return { server, port, socketPath };
  }

  async function report(server: TestServer, returnCode: number, output: string): Promise<void> {
    const body = [{ host: "web1", service: "http", returnCode, output }];
    assert.equal((await server.api("POST", "/api/v1/check-results", { body })).status, 200);
  }

  before(async () => {
    [readOnly, commanded] = await Promise.all([start(undefined), start("admin@localhost")]);
  });

  test("answers on TCP and on a socket file that others may not open", async () => {
    const query = "GET services\nColumns: host_name description state plugin_output\n";
    assert.equal(await askLivestatus(readOnly.port, query), "web1;http;2;HTTP CRITICAL\n");
    assert.equal(await askLivestatus(readOnly.socketPath, query), "web1;http;2;HTTP CRITICAL\n");
    assert.equal((await stat(readOnly.socketPath)).mode & 0o777, 0o660);
  });

  test("shows a result as soon as it was accepted", async () => {
    const connection = await openLivestatus(readOnly.port);
    for (let round = 0; round < 20; round++) {
      await report(readOnly.server, round % 3, `round ${round}`);
      const { body } = await connection.ask("GET services\nColumns: state plugin_output\n");
      assert.equal(body, `${round % 3};round ${round}\n`);
    }
    connection.close();
    await report(readOnly.server, 2, "HTTP CRITICAL");
  });

  test("wakes a query that waits for a check", async () => {
    const connection = await openLivestatus(readOnly.port);
    const waiting = connection.ask(
      "GET services\nColumns: plugin_output\nWaitObject: web1;http\nWaitCondition: plugin_output = awaited\nWaitTrigger: check\nWaitTimeout: 20000\n",
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await report(readOnly.server, 2, "awaited");
    assert.equal((await waiting).body, "awaited\n");
    connection.close();
  });

  test("answers every query that NagVis, Thruk and Checkmk send", async () => {
    const connection = await openLivestatus(readOnly.port);
    for (const query of viewerQueries) {
      const { code, body } = await connection.ask(query);
      assert.equal(code, 200, `${body}\n${query}`);
      assert.ok(!/OutputFormat: json/.test(query) || Array.isArray(JSON.parse(body)), query);
    }
    connection.close();
  });

  test("python output is what Python's repr writes", async (t) => {
    await report(readOnly.server, 2, 'it\'s "so" \\ ü\t☃ end');
    const query = "GET services\nOutputFormat: python\nColumns: plugin_output host_groups state custom_variables";
    const text = await askLivestatus(readOnly.port, query);
    const script =
      "import ast,sys; t=sys.argv[1]; v=ast.literal_eval(t); print(repr(v[0][0])==t[2:2+len(repr(v[0][0]))], v[0][1:])";
    const python = await run("python3", ["-c", script, text]).catch(() => undefined);
    if (python === undefined) return t.skip("python3 is missing");
    assert.equal(python.stdout.trim(), "True [['web'], 2, {}]");
  });

  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  /** Every command a peer may try, and how its effect would show. */
  const commands: readonly (readonly [command: string, query: string])[] = [
    ["ACKNOWLEDGE_SVC_PROBLEM;web1;http;2;1;1;ann;on; it", "GET services\nFilter: acknowledged = 1\nStats: state >= 0"],
    [
      `SCHEDULE_SVC_DOWNTIME;web1;http;${inAnHour - 3660};${inAnHour};1;0;0;ann;work`,
      "GET services\nFilter: scheduled_downtime_depth > 0\nStats: state >= 0",
    ],
    [
      `SCHEDULE_HOST_DOWNTIME;web1;${inAnHour - 3660};${inAnHour};1;0;0;ann;work`,
      "GET hosts\nFilter: scheduled_downtime_depth > 0\nStats: state >= 0",
    ],
    ["ADD_SVC_COMMENT;web1;http;1;ann;a remark", "GET comments\nFilter: comment = a remark\nStats: id >= 0"],
    [
      "PROCESS_SERVICE_CHECK_RESULT;web1;http;1;by livestatus",
      "GET services\nFilter: plugin_output = by livestatus\nStats: state >= 0",
    ],
    [
      "PROCESS_HOST_CHECK_RESULT;web1;0;by livestatus",
      "GET hosts\nFilter: plugin_output = by livestatus\nStats: state >= 0",
    ],
  ];
  // Rounded up: dated back by part of a second, a result would come before one that was reported just now.
  const lineOf = (command: string) => `COMMAND [${Math.ceil(Date.now() / 1000)}] ${command}`;

  test("carries out commands as the user that was named", async () => {
    for (const [command, query] of commands) {
      assert.equal(await askLivestatus(commanded.port, lineOf(command)), "", command);
      const isDone = async () => (await askLivestatus(commanded.port, query)).trim() === "1";
      await waitFor(isDone, 5000, command);
    }
    const { body } = await commanded.server.api("GET", "/api/v1/audit-entries?perPage=100");
    const entry = body.data.find((one: { action: string }) => one.action.startsWith("downtime.create"));
    assert.match(JSON.stringify(entry), /admin/i);
  });

  test("carries out no command when no user is named, whichever way it comes", async () => {
    await report(readOnly.server, 2, "HTTP CRITICAL");
    const connection = await openLivestatus(readOnly.port);
    for (const [command] of commands) {
      await askLivestatus(readOnly.port, lineOf(command));
      await askLivestatus(readOnly.socketPath, lineOf(command));
    }
    await askLivestatus(readOnly.port, `${lineOf(commands[0]?.[0] ?? "")}\nAuthUser: admin@localhost`);
    for (const [command, query] of commands) assert.equal((await connection.ask(query)).body, "0\n", command);
    assert.equal((await connection.ask("GET status\nColumns: check_external_commands")).body, "0\n");
    connection.close();
  });

  test("carries out no command once the user may only look, is disabled or is unknown", async () => {
    const { server, port } = commanded;
    const password = "a password long enough";
    const viewer = { email: "viewer@example.org", name: "Viewer", role: "viewer", customer: null, password };
    const created = await server.api("POST", "/api/v1/users", { body: viewer });
    assert.equal(created.status, 200, JSON.stringify(created.body));
    for (const name of ["viewer@example.org", "nobody@example.org"]) {
      const other = await freePort();
      const limited = await startServer(cleanup, {
        env: { MYCLOUD_LIVESTATUS: `127.0.0.1:${other}`, MYCLOUD_LIVESTATUS_COMMANDS: name },
      });
      await limited.api("POST", "/api/v1/users", { body: viewer });
      const host = await limited.api("POST", "/api/v1/hosts", { body: { name: "web1", maxCheckAttempts: 1 } });
      assert.equal(host.status, 200);
      await askLivestatus(other, lineOf("PROCESS_HOST_CHECK_RESULT;web1;1;by livestatus"));
      await askLivestatus(other, lineOf("ADD_HOST_COMMENT;web1;1;ann;a remark"));
      assert.equal(await askLivestatus(other, "GET hosts\nColumns: plugin_output comments"), ";\n", name);
    }
    assert.equal((await askLivestatus(port, "GET hosts\nStats: state >= 0")).trim(), "1");
  });

  test("on somebody's behalf it commands what both may, and nothing for who may only look, is disabled or no user", async () => {
    const { server, port } = commanded;
    const password = "a password long enough";
    const user = (name: string, role: string, customer: string | null) => ({
      email: `${name}@example.org`,
      name,
      role,
      customer,
      password,
    });
    const people = [
      user("looker", "viewer", null),
      user("gone", "operator", null),
      user("acme", "operator", "acme"),
      user("owen", "operator", null),
    ];
    for (const body of people) {
      const created = await server.api("POST", "/api/v1/users", { body });
      assert.equal(created.status, 200, JSON.stringify(created.body));
      if (body.name !== "gone") continue;
      const { password: _, ...rest } = { ...body, isDisabled: true };
      const disabled = await server.api("PUT", `/api/v1/users/${created.body.id}`, { body: rest });
      assert.equal(disabled.status, 200, JSON.stringify(disabled.body));
    }
    await server.api("POST", "/api/v1/contacts", { body: { name: "pager" } });
    const own = { name: "acme1", customer: "acme", maxCheckAttempts: 1 };
    assert.equal((await server.api("POST", "/api/v1/hosts", { body: own })).status, 200);
    const comment = (host: string, as: string) =>
      `${lineOf(`ADD_HOST_COMMENT;${host};1;ann;as ${as}`)}\nAuthUser: ${as}`;
    for (const as of ["looker@example.org", "gone@example.org", "pager", "nobody", ""]) {
      await askLivestatus(port, comment("acme1", as));
      await askLivestatus(port, comment("web1", as));
    }
    await askLivestatus(port, comment("web1", "acme@example.org"));
    await askLivestatus(port, comment("acme1", "acme@example.org"));
    await askLivestatus(port, comment("web1", "owen@example.org"));
    const said = () => askLivestatus(port, "GET comments\nFilter: comment ~ ^as \nColumns: host_name comment");
    await waitFor(async () => (await said()).includes("owen"), 5000, "the comment of an operator");
    assert.deepEqual((await said()).trim().split("\n"), ["acme1;as acme@example.org", "web1;as owen@example.org"]);
  });
});
