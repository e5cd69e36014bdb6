import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Acknowledgement } from "@mycloud/protocol/acknowledgement";
import { NAGIOS_PROGRAM, type Nagios, startNagios } from "../peers/nagios.ts";
import type { NagiosObject } from "../peers/nagios-config.ts";
import { cleanupOfSuite, freePort, startServer, type TestServer, waitFor } from "../support/index.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const run = promisify(execFile);
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
const now = () => Math.floor(Date.now() / 1000);

/** Services with 1 attempt, but for the last. */
const services = ["s1", "s2", "s3", "s4", "s5", "s6", "soft"];
const attemptsOf = (service: string) => (service === "soft" ? 3 : 1);

const nagiosObjectsWatched: NagiosObject[] = [
  { kind: "host", name: "web1", maxCheckAttempts: 1 },
  ...services.map((name) => ({ kind: "service" as const, name, host: "web1", maxCheckAttempts: attemptsOf(name) })),
];

/** Where a host or service stands: `web1/s1 acknowledged 2 quiet`. */
function say(name: string, acknowledged: number, isInDowntime: boolean): string {
  return `${name}${acknowledged > 0 ? ` acknowledged ${acknowledged}` : ""}${isInDowntime ? " quiet" : ""}`;
}

const isMissing = !existsSync(NAGIOS_PROGRAM) && process.env.CI !== "true";
const ifPeer = { skip: isMissing ? `${NAGIOS_PROGRAM} is missing; Debian package nagios4-core installs it` : false };

describe("the same external commands in nagios4 and here", ifPeer, () => {
  const cleanup = cleanupOfSuite();
  let nagios: Nagios;
  let server: TestServer;
  let commandFile = "";
  let marker = 0;

  before(async () => {
    const directory = await temporaryDirectory("operations");
    commandFile = join(directory, "mycloud.cmd");
    [nagios, server] = await Promise.all([
      startNagios(nagiosObjectsWatched),
      startServer(cleanup, { args: ["--command-file", commandFile] }),
    ]);
    const { body: host } = await server.api("POST", "/api/v1/hosts", { body: { name: "web1", maxCheckAttempts: 1 } });
    for (const name of [...services, "marker"]) {
      const body = { hostId: host.id, name, maxCheckAttempts: attemptsOf(name) };
      assert.ok((await server.api("POST", "/api/v1/services", { body })).status < 300);
    }
  });
  after(async () => nagios?.stop());

  /** Gives both the same lines. */
  async function both(...commands: string[]): Promise<void> {
    await nagios.submit(commands);
    marker++;
    const lines = [...commands, `PROCESS_SERVICE_CHECK_RESULT;web1;marker;0;marker ${marker}`];
    await appendFile(commandFile, lines.map((line) => `[${now()}] ${line}\n`).join(""));
  }

  async function seenByNagios(): Promise<string[]> {
    const { status } = await nagios.settle();
    return status.map(({ host, service, fields }) =>
      say(
        service === null ? host : `${host}/${service}`,
        fields.problem_has_been_acknowledged === "1" ? Number(fields.acknowledgement_type) : 0,
        Number(fields.scheduled_downtime_depth) > 0,
      ),
    );
  }

  async function seenByUs(): Promise<string[]> {
    const list = async (path: string) => (await server.api("GET", `${path}?perPage=100`)).body.data;
    const open = await list(`/api/v1/acknowledgements`);
    const typeOf = (is: (one: Acknowledgement) => boolean) => {
      const found = open.find((one: Acknowledgement) => one.endedAtMs === null && is(one));
      return found === undefined ? 0 : found.isSticky ? 2 : 1;
    };
    const hosts = (await list("/api/v1/hosts")).filter((host: { name: string }) => host.name === "web1");
    const ours = (await list("/api/v1/services")).filter((service: { name: string }) =>
      services.includes(service.name),
    );
    return [
      ...hosts.map((host: { id: number; name: string; isInDowntime: boolean }) =>
        say(
          host.name,
          typeOf((one) => one.hostId === host.id && one.serviceId === null),
          host.isInDowntime,
        ),
      ),
      ...ours.map((service: { id: number; name: string; isInDowntime: boolean }) =>
        say(
          `web1/${service.name}`,
          typeOf((one) => one.serviceId === service.id),
          service.isInDowntime,
        ),
      ),
    ];
  }

  /** Waits until both have worked everything off, then compares; `except` are objects that are meant to differ. */
  async function agree(except: readonly string[] = []): Promise<void> {
    const wanted = (await seenByNagios()).filter((line) => !except.some((name) => line.startsWith(name))).sort();
    let seen: string[] = [];
    const isSame = async () => {
      seen = (await seenByUs()).filter((line) => !except.some((name) => line.startsWith(name))).sort();
      return JSON.stringify(seen) === JSON.stringify(wanted);
    };
    await waitFor(isSame, 5_000).catch(() => undefined);
    assert.deepEqual(seen, wanted);
  }

  const result = (service: string, code: number) => `PROCESS_SERVICE_CHECK_RESULT;web1;${service};${code};code ${code}`;

  it("acknowledge alike: sticky, normal, of what is fine, ended by another state and by recovery, taken back", async () => {
    await both(
      "PROCESS_HOST_CHECK_RESULT;web1;0;up",
      result("s1", 2),
      result("s2", 2),
      result("s3", 1),
      result("s4", 0),
    );
    await agree();
    await both(
      "ACKNOWLEDGE_SVC_PROBLEM;web1;s1;2;0;0;dora;sticky; with a semicolon",
      "ACKNOWLEDGE_SVC_PROBLEM;web1;s2;1;0;0;dora;normal",
      "ACKNOWLEDGE_SVC_PROBLEM;web1;s3;2;0;1;dora;persistent",
      "ACKNOWLEDGE_SVC_PROBLEM;web1;s4;2;0;0;dora;nothing to acknowledge",
      "NO_SUCH_COMMAND;web1",
    );
    await agree();
    assert.ok((await seenByUs()).includes("web1/s1 acknowledged 2"));
    await both(result("s1", 1), result("s2", 1), result("s3", 0));
    await agree();
    await both("REMOVE_SVC_ACKNOWLEDGEMENT;web1;s1", "ACKNOWLEDGE_SVC_PROBLEM;web1;s2;2;0;0;dora;again");
    await agree();
    await both("PROCESS_HOST_CHECK_RESULT;web1;1;down", "ACKNOWLEDGE_HOST_PROBLEM;web1;1;0;0;dora;host");
    await agree();
    await both("PROCESS_HOST_CHECK_RESULT;web1;0;up");
    await agree();
  });

  it("schedule and delete fixed downtimes alike", async () => {
    const window = `${now() - 1};${inAnHour()};1;0;0;dora;new disks`;
    await both(
      `SCHEDULE_SVC_DOWNTIME;web1;s4;${window}`,
      `SCHEDULE_HOST_DOWNTIME;web1;${window}`,
      `SCHEDULE_SVC_DOWNTIME;web1;s3;${inAnHour()};${inAnHour() + 60};1;0;0;dora;later`,
    );
    await agree();
    assert.ok((await seenByUs()).includes("web1/s4 quiet"));
    await both("DEL_DOWNTIME_BY_HOST_NAME;web1;s4");
    await agree();
    await both(`SCHEDULE_HOST_SVC_DOWNTIME;web1;${window}`);
    await agree();
    await both("DEL_DOWNTIME_BY_HOST_NAME;web1");
    await agree();
    assert.ok((await seenByUs()).every((line) => !line.includes("quiet")));
  });

  it("begin a flexible downtime alike at a bad state, SOFT or HARD, and differ where nagios4 never begins it", async () => {
    await both(result("s5", 0), result("s6", 2), result("soft", 0));
    await agree();
    const window = `${now() - 1};${inAnHour()};0;0;600;dora;when it happens`;
    await both(...["s5", "s6", "soft"].map((name) => `SCHEDULE_SVC_DOWNTIME;web1;${name};${window}`));
    await agree(["web1/s6"]);
    await both(result("s5", 2), result("soft", 2));
    await agree(["web1/s6"]);
    assert.ok((await seenByUs()).includes("web1/s5 quiet"));
    assert.ok((await seenByUs()).includes("web1/soft quiet"));
    // Critical before its downtime began: nagios4 waits for a change that does not come.
    assert.ok((await seenByNagios()).includes("web1/s6"));
    await waitFor(async () => (await seenByUs()).includes("web1/s6 quiet"), 5_000);
  });

  it("keep the same comments", async () => {
    await both(
      "ADD_SVC_COMMENT;web1;s1;1;dora;first; of two",
      "ADD_SVC_COMMENT;web1;s1;1;dora;second",
      "ADD_HOST_COMMENT;web1;1;emil;of the host",
      "ADD_SVC_COMMENT;web1;s2;1;dora;gone soon",
      "DEL_ALL_SVC_COMMENTS;web1;s2",
    );
    const wanted = (await nagios.settle()).comments
      .filter(({ entryType }) => entryType === 1)
      .map(({ service, author, text }) => `${service} ${author}: ${text}`)
      .sort();
    const names = new Map<number, string>();
    for (const service of (await server.api("GET", "/api/v1/services?perPage=100")).body.data)
      names.set(service.id, service.name);
    const ours = async () =>
      (await server.api("GET", "/api/v1/comments?perPage=100")).body.data
        .filter((comment: { kind: string }) => comment.kind === "user")
        .map(
          (one: { serviceId: number | null; authorName: string; text: string }) =>
            `${one.serviceId === null ? null : names.get(one.serviceId)} ${one.authorName}: ${one.text}`,
        )
        .sort();
    assert.equal(wanted.length, 3);
    await waitFor(async () => (await ours()).length === 3, 5_000);
    assert.deepEqual(await ours(), wanted);
  });
});

describe("ways in for commands and results", () => {
  const cleanup = cleanupOfSuite();
  let directory = "";
  let server: TestServer;
  let arbiter = "";
  const password = "a password: with a colon";

  before(async () => {
    directory = await temporaryDirectory("ways-in");
    await mkdir(join(directory, "checkresults"));
    await writeFile(join(directory, "password"), `${password}\n`);
    const port = await freePort();
    arbiter = `http://127.0.0.1:${port}`;
    server = await startServer(cleanup, {
      args: [
        ...["--command-file", join(directory, "mycloud.cmd"), "--check-result-dir", join(directory, "checkresults")],
        ...["--ws-arbiter", `127.0.0.1:${port}`, "--ws-arbiter-user", "shinken"],
        ...["--ws-arbiter-password-file", join(directory, "password"), "--passive-register", "on"],
      ],
    });
  });

  async function outputOf(host: string, service: string): Promise<string> {
    const filter = encodeURIComponent(JSON.stringify({ hostName: host, name: service }));
    return (await server.api("GET", `/api/v1/services?filter=${filter}`)).body.data[0]?.output;
  }

  async function curl(path: string, ...args: string[]): Promise<{ status: string; text: string }> {
    const { stdout } = await run("curl", ["-s", "-w", "\\n%{http_code}", ...args, arbiter + path]);
    const lines = stdout.trimEnd().split("\n");
    return { status: lines.at(-1) ?? "", text: lines.slice(0, -1).join("\n").trim() };
  }

  it("a shell script's printf to the command file is a result", async () => {
    const line = "[%s] PROCESS_SERVICE_CHECK_RESULT;pipe1;disk;2;DISK CRITICAL - 97%% used\\n";
    await run("sh", ["-c", `printf '${line}' "$(date +%s)" > ${join(directory, "mycloud.cmd")}`]);
    await waitFor(async () => (await outputOf("pipe1", "disk")) === "DISK CRITICAL - 97% used", 5_000);
  });

  it("curl pushes several results to ws-arbiter, and is told what is wrong", async () => {
    const user = ["-u", `shinken:${password}`];
    const data = (...pairs: string[]) => pairs.flatMap((pair) => ["--data-urlencode", pair]);
    const result = (host: string, code: number) =>
      data(`host_name=${host}`, "service_description=load", `return_code=${code}`, `output=LOAD ${code}; fine`);
    const pushed = await curl("/push_check_result", ...user, ...result("arbiter1", 0), ...result("arbiter2", 2));
    assert.deepEqual(pushed, { status: "200", text: "stored 2" });
    assert.equal(await outputOf("arbiter2", "load"), "LOAD 2; fine");

    assert.equal((await curl("/push_check_result", ...result("arbiter1", 0))).status, "401");
    assert.equal((await curl("/push_check_result", "-u", "shinken:wrong", ...result("arbiter1", 0))).status, "403");
    const uneven = await curl("/push_check_result", ...user, ...result("arbiter1", 0), ...data("host_name=one-more"));
    assert.equal(uneven.status, "400");
    assert.match(uneven.text, /1 times return_code, but 2 times host_name/);

    const object = data("host_name=arbiter2", "service_description=load");
    const acknowledged = await curl("/acknowledge", ...user, ...object, ...data("author=dora", "comment=on it"));
    assert.deepEqual(acknowledged, { status: "200", text: "acknowledged arbiter2/load" });
    const planned = await curl(
      "/downtime",
      ...user,
      ...object,
      ...data(`end_time=${inAnHour()}`, "author=dora", "comment=x"),
    );
    assert.equal(planned.status, "200");
    assert.equal((await curl("/downtime", ...user, ...object, ...data("action=delete"))).text, "cancelled 1 downtimes");
    assert.equal((await curl("/acknowledge", ...user, ...data("host_name=gone"))).text, 'there is no host "gone"');
  });

  it("check-result files are read, and those from before a kill -9 are there once", async () => {
    const spool = join(directory, "checkresults");
    const write = async (name: string, from: number, count: number) => {
      const blocks = Array.from({ length: count }, (_, index) =>
        [
          "host_name=spool1",
          `service_description=s${from + index}`,
          "return_code=1",
          `output=from ${name}\\nmore`,
        ].join("\n"),
      );
      await writeFile(
        join(spool, name),
        `### Passive Check Result File ###\nfile_time=${now()}\n\n${blocks.join("\n\n")}\n`,
      );
      await writeFile(join(spool, `${name}.ok`), "");
    };
    await write("cAAAAAA", 0, 200);
    await waitFor(async () => (await readdir(spool)).length === 0, 10_000);
    assert.equal(await outputOf("spool1", "s199"), "from cAAAAAA");
    await write("cBBBBBB", 0, 1);
    await server.kill();
    await write("cCCCCCC", 200, 5);
    await server.start();
    await waitFor(async () => (await readdir(spool)).length === 0, 10_000);
    const filter = encodeURIComponent(JSON.stringify({ hostName: "spool1", name: "s0" }));
    const [service] = (await server.api("GET", `/api/v1/services?filter=${filter}`)).body.data;
    const byService = encodeURIComponent(JSON.stringify({ serviceId: service.id }));
    const results = (await server.api("GET", `/api/v1/check-results?filter=${byService}`)).body.data;
    assert.deepEqual(results.map((one: { output: string }) => one.output).sort(), ["from cAAAAAA", "from cBBBBBB"]);
  });

  it("a downtime that a kill -9 interrupts is neither lost nor begun or ended twice", async () => {
    const plan = async (endsInMs: number) => {
      const at = Date.now();
      const selector = { hosts: ["spool1"], services: ["s1"] };
      const body = { selector, startAtMs: at - 1000, endAtMs: at + endsInMs, comment: "killed meanwhile" };
      return (await server.api("POST", "/api/v1/downtimes", { body })).body.id;
    };
    const short = await plan(3_000);
    const long = await plan(3_600_000);
    for (let count = 0; count < 3; count++) {
      await server.kill();
      await server.start();
    }
    await waitFor(async () => (await server.api("GET", `/api/v1/downtimes/${short}`)).body.phase === "expired", 10_000);
    assert.equal((await server.api("GET", `/api/v1/downtimes/${long}`)).body.phase, "active");
    const audited = async () => {
      const filter = encodeURIComponent(JSON.stringify({ resourceKind: "downtime" }));
      const entries = (await server.api("GET", `/api/v1/audit-entries?perPage=100&filter=${filter}`)).body.data;
      return entries
        .filter(({ action }: { action: string }) => action === "downtime.start" || action === "downtime.end")
        .filter(({ resourceId }: { resourceId: string }) => [short, long].map(String).includes(resourceId))
        .map(({ action, resourceId }: { action: string; resourceId: string }) => `${action} ${resourceId}`)
        .sort();
    };
    const wanted = [`downtime.end ${short}`, `downtime.start ${long}`, `downtime.start ${short}`].sort();
    await waitFor(async () => (await audited()).length >= 3, 40_000);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.deepEqual(await audited(), wanted);
  });

  it("an anonymous ws-arbiter for everybody does not start, and says why", async () => {
    await assert.rejects(
      startServer(cleanup, { args: ["--ws-arbiter", "0.0.0.0:0"] }),
      /would take commands from anybody/,
    );
  });
});
