// Shadow mode beside the real programs: the same results here and there are no difference, any other result is one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ICINGA_PROGRAM, startIcingaLivestatus } from "../peers/icinga-livestatus.ts";
import { NAGIOS_PROGRAM, startNagios } from "../peers/nagios.ts";
import { requirePeer } from "../peers/peer.ts";
import { runMycloud, startServer, type TestServer, waitFor } from "../support/index.ts";

const hosts = ["web1", "db1"];
const services = ["disk", "http"];

async function define(server: TestServer, more: readonly object[] = []): Promise<void> {
  const resources = [
    ...hosts.map((name) => ({ kind: "Host", name, spec: { maxCheckAttempts: 1 } })),
    ...hosts.flatMap((host) =>
      services.map((name) => ({ kind: "Service", host, name, spec: { maxCheckAttempts: 2 } })),
    ),
    ...more,
  ];
  const applied = await server.api("POST", "/api/v1/apply", { body: { resources } });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
}

async function command(server: TestServer, commands: readonly string[]): Promise<void> {
  const answer = await server.api("POST", "/api/v1/external-commands", { body: { commands } });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}

async function shadow(server: TestServer, ...source: string[]) {
  const run = await runMycloud(["shadow", ...source, "--json", "--state-dir", server.stateDir]);
  return { ...run, differences: run.stdout === "" ? [] : JSON.parse(run.stdout).differences };
}
const said = ({ host, service, field, theirs, ours }: Record<string, string>) =>
  `${host}/${service ?? ""} ${field}: ${theirs} ${ours}`;

const results = [
  "PROCESS_HOST_CHECK_RESULT;web1;0;up",
  "PROCESS_HOST_CHECK_RESULT;db1;0;up",
  "PROCESS_SERVICE_CHECK_RESULT;web1;disk;2;full",
  "PROCESS_SERVICE_CHECK_RESULT;web1;disk;2;full",
  // To icinga2 a service is UNKNOWN and HARD before its first result, and so is HARD with it.
  "PROCESS_SERVICE_CHECK_RESULT;web1;http;0;fine",
  "PROCESS_SERVICE_CHECK_RESULT;web1;http;1;slow",
  "PROCESS_SERVICE_CHECK_RESULT;db1;disk;0;fine",
  "ACKNOWLEDGE_SVC_PROBLEM;web1;disk;2;0;1;anna;on it",
];

test("beside nagios4, equal histories are no difference and exit code 0; every other thing is named, with exit code 1", async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const nagios = await startNagios([
    ...hosts.map((name) => ({ kind: "host" as const, name, maxCheckAttempts: 1 })),
    ...hosts.flatMap((host) => services.map((name) => ({ kind: "service" as const, host, name, maxCheckAttempts: 2 }))),
  ]);
  t.after(() => nagios.stop());
  const server = await startServer(t);
  await define(server);
  await nagios.submit(results);
  await nagios.settle();
  await command(server, results);
  // Its own marker objects, which the peer adds, are all that is missing here.
  const isMarker = ({ host }: { host: string }) => host === "settle-marker";
  const equal = await waitFor(
    async () => {
      const run = await shadow(server, "--status-file", nagios.statusFile);
      return run.differences.filter((one: { host: string }) => !isMarker(one)).length === 0 ? run : undefined;
    },
    10_000,
    "equal states",
  );
  assert.equal(equal.code, 1);
  assert.ok(equal.differences.every((one: { field: string }) => one.field === "missing"));

  await define(server, [
    { kind: "Host", name: "settle-marker", spec: {} },
    { kind: "Service", host: "settle-marker", name: "settle-marker", spec: {} },
  ]);
  const marked = await nagios.settle();
  assert.ok(marked);
  await nagios.submit([
    "PROCESS_SERVICE_CHECK_RESULT;db1;http;2;gone",
    "SCHEDULE_HOST_DOWNTIME;db1;0;4102444800;1;0;0;anna;work",
  ]);
  await nagios.settle();
  await command(server, [
    "PROCESS_SERVICE_CHECK_RESULT;web1;http;1;slow",
    "PROCESS_SERVICE_CHECK_RESULT;db1;http;3;odd",
  ]);
  const { differences, code } = await shadow(server, "--status-file", nagios.statusFile);
  assert.equal(code, 1);
  assert.deepEqual(
    differences
      .filter((one: { host: string }) => !isMarker(one))
      .map(said)
      .sort(),
    ["db1/ downtime: yes no", "db1/http state: CRITICAL UNKNOWN", "web1/http stateType: SOFT HARD"],
  );
});

test("beside icinga2's Livestatus likewise, with exit code 0 when nothing differs", async (t) => {
  if (!requirePeer(t, ICINGA_PROGRAM, "icinga2-bin")) return;
  const common = `check_command = "dummy"\nenable_active_checks = false\n`;
  const icinga = await startIcingaLivestatus(
    t,
    hosts
      .map(
        (host) =>
          `object Host "${host}" {\n${common} max_check_attempts = 1\n}\n${services.map((name) => `object Service "${name}" {\nhost_name = "${host}"\n${common} max_check_attempts = 2\n}`).join("\n")}`,
      )
      .join("\n"),
  );
  const server = await startServer(t);
  await define(server);
  const source = ["--livestatus", `127.0.0.1:${icinga.port}`];
  await icinga.submit(results);
  await command(server, results);
  let last: string[] = [];
  const isEqual = async () => {
    const run = await shadow(server, ...source);
    last = run.differences.map(said);
    return run.code === 0;
  };
  await waitFor(isEqual, 20_000, "no difference").catch((error: unknown) =>
    assert.fail(`${error}: ${last.join("; ")}`),
  );
  await icinga.submit(["PROCESS_SERVICE_CHECK_RESULT;web1;http;1;slow"]);
  const differs = await waitFor(
    async () => {
      const run = await shadow(server, ...source);
      return run.code === 1 ? run : undefined;
    },
    20_000,
    "a difference",
  );
  assert.deepEqual(differs.differences.map(said), ["web1/http stateType: HARD SOFT"]);
});

test("an old system that is not there is an error of its own", async (t) => {
  const server = await startServer(t);
  const closed = await shadow(server, "--livestatus", "127.0.0.1:1");
  assert.equal(closed.code, 69);
  const neither = await shadow(server);
  assert.equal(neither.code, 64);
});
