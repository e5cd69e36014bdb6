// Logs from end to end: a started product reads files that are rotated while everything is killed, and no line is missing or there twice.
import assert from "node:assert/strict";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { CheckResult } from "@mycloud/protocol/check-result";
import type { LogRecord } from "@mycloud/protocol/log-record";
import type { ProblemLogs } from "@mycloud/protocol/problem-log";
import type { Service } from "@mycloud/protocol/service";
import type { StateChange } from "@mycloud/protocol/state-change";
import {
  askEverything,
  createLogrotate,
  exportRecords,
  followTail,
  hindrance,
  type NumberedWriter,
  startNumberedWriter,
  storyDefinitions,
  stranger,
} from "../logs-story/index.ts";
import {
  cleanupOfSuite,
  descendantsOf,
  freePort,
  listProcesses,
  type MailSink,
  openMailSink,
  startInstance,
  type TestInstance,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const names = ["renamed", "rotated"];
const ownHost = hostname();

// One instance lives through all of this, in order.
describe("the logs of a host", { skip: hindrance() }, () => {
  const cleanup = cleanupOfSuite();
  let mycloud: TestInstance;
  let mails: MailSink;
  let directory: string;
  let tokens: { readonly acme: string; readonly globex: string };

  before(async () => {
    directory = await temporaryDirectory("logs");
    const stateDir = await temporaryDirectory("up");
    await mkdir(join(stateDir, "agent"), { mode: 0o700 });
    await writeFile(join(stateDir, "agent/policy.yaml"), `logRoots: ["${directory}"]\n`);
    mails = await openMailSink();
    cleanup.after(() => mails.close());
    mycloud = await startInstance(cleanup, {
      stateDir,
      env: {
        MYCLOUD_SMTP_URL: mails.url,
        MYCLOUD_MAIL_FROM: "mycloud@example.org",
        MYCLOUD_FORWARD: `127.0.0.1:${await freePort()}`,
        MYCLOUD_SYSLOG: "off",
      },
    });
    const own = await waitFor(
      async () => (await rows<{ id: number; name: string }>("hosts", { name: ownHost }))[0],
      60_000,
      "the agent to be enrolled",
    );
    await succeeds("PUT", `/api/v1/hosts/${own.id}`, { name: ownHost, customer: "acme" });
    await succeeds("POST", "/api/v1/hosts", { name: stranger.host, customer: "globex" });
    tokens = { acme: await tokenOf("acme"), globex: await tokenOf("globex") };
    const file = join(await temporaryDirectory("definitions"), "story.yaml");
    await writeFile(file, storyDefinitions(directory));
    const { code, stderr } = await mycloud.command("apply", "-f", file);
    assert.equal(code, 0, stderr);
  });

  async function succeeds(method: string, path: string, body: unknown) {
    const answer = await mycloud.api(method, path, { body });
    assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  async function tokenOf(customer: string): Promise<string> {
    const { token } = await succeeds("POST", "/api/v1/api-tokens", { name: customer, scopes: ["read"], customer });
    return token;
  }
  async function rows<Row>(resource: string, filter: object, sort = "id"): Promise<Row[]> {
    const query = new URLSearchParams({ filter: JSON.stringify(filter), sort, perPage: "1000" });
    const { status, body } = await mycloud.api("GET", `/api/v1/${resource}?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data;
  }
  const fires = () =>
    waitFor(async () => (await rows<Service>("services", { name: "story-fires" }))[0], 60_000, "the check");
  const write = (line: string) => appendFile(join(directory, "app.log"), `${line}\n`);
  const find = async (query: string, token?: string): Promise<LogRecord[]> => {
    const path = `/api/v1/logs?${new URLSearchParams({ query, limit: "1000" })}`;
    const { status, body } = await mycloud.api("GET", path, token === undefined ? {} : { token });
    assert.equal(status, 200, JSON.stringify(body));
    return body.records;
  };
  const arrives = (query: string) =>
    waitFor(async () => (await find(query)).length > 0, 60_000, `${query} among the logs`).catch((error: unknown) => {
      throw new Error(`${error}\n${mycloud.process().stderr().slice(-4000)}`);
    });
  /** Becomes that, now or before: the history has it. */
  const turns = async (fromState: string, toState: string) => {
    const { id } = await fires();
    const isIt = (change: StateChange) => change.fromState === fromState && change.toState === toState;
    return await waitFor(
      async () => (await rows<StateChange>("state-changes", { serviceId: id })).find(isIt),
      60_000,
      `the check to go from ${fromState} to ${toState}`,
    );
  };
  /** The administrator gets them too. */
  const mailsOfOncall = () => mails.mails.filter(({ to }) => to === "oncall@example.org");

  test("a line that matters makes its check CRITICAL, and the problem and its mail tell what was logged", async () => {
    await waitFor(async () => (await fires()).state === "OK", 60_000, "a first result");
    for (let number = 0; number < 5; number++) await write(`all is quiet ${number}`);
    await write("the disk is on fire, sector 4711");
    await turns("OK", "CRITICAL");
    const { id } = await fires();
    const service = (await rows<Service>("services", { name: "story-fires" }))[0] ?? assert.fail();
    assert.match(service.output, /CRITICAL.*1 record in 3600 s/);
    assert.match(service.longOutput, /the disk is on fire/);
    const results = await rows<CheckResult>("check-results", { serviceId: id });
    assert.match(results.at(-1)?.perfdata ?? "", /^'?records'?=1;;@1:1;0/);

    const logs = await waitFor(
      async () => {
        const { body } = await mycloud.api("GET", `/api/v1/services/${id}/problem-logs`, { token: tokens.acme });
        const read: ProblemLogs = body;
        return read.records.some(({ message }) => message.includes("on fire")) && read;
      },
      60_000,
      "what the host logged",
    );
    assert.ok(logs.records.some(({ message }) => message === "all is quiet 4"));
    assert.ok(logs.patterns.some(({ template }) => template.includes("all is quiet")));
    const hidden = await mycloud.api("GET", `/api/v1/services/${id}/problem-logs`, { token: tokens.globex });
    assert.equal(hidden.status, 404);

    const mail = await waitFor(() => mailsOfOncall()[0], 60_000, "the mail");
    assert.match(mail.subject, /CRITICAL/);
    assert.match(mail.text, /Its last log lines, UTC/);
    assert.match(mail.text, /story: the disk is on fire, sector 4711/);
  });

  describe("of which files are rotated while everything is killed", () => {
    let writer: NumberedWriter;
    let rotate: () => Promise<void>;

    before(async () => {
      writer = startNumberedWriter(directory, names);
      rotate = await createLogrotate(directory, "rotated");
    });
    after(() => writer.stop());

    async function rotateAll(): Promise<void> {
      writer.rotateByRename("renamed");
      await rotate();
    }
    /** What was written until now has come, of every file. */
    async function catchesUp(): Promise<void> {
      const last = writer.count() - 1;
      for (const name of names) await arrives(`service:story "${name} ${last}"`);
    }
    async function shipper(): Promise<number> {
      return await waitFor(
        () => {
          const processes = listProcesses();
          const ours = new Set(descendantsOf(mycloud.process().pid, processes));
          return processes.find(({ pid, command }) => ours.has(pid) && command.includes("log-pipeline/process/main.ts"))
            ?.pid;
        },
        60_000,
        "the shipper to run",
      );
    }
    async function kill(role: "server" | "agent"): Promise<void> {
      const pid = await mycloud.pidOf(role);
      process.kill(pid, "SIGKILL");
      await waitFor(async () => (await mycloud.pidOf(role)) !== pid, 60_000, `another ${role}`);
    }
    const isReady = () =>
      waitFor(async () => (await fetch(`${mycloud.url}/readyz`)).status === 200, 60_000, "the control plane");

    test("each line is stored once, and in order", async () => {
      await catchesUp();
      await rotateAll();
      await catchesUp();

      // Twice: what is between is in no file that anybody has seen.
      process.kill(await shipper(), "SIGKILL");
      await rotateAll();
      await rotateAll();
      await catchesUp();

      await Promise.all([kill("agent"), rotateAll().then(rotateAll)]);
      await catchesUp();

      // Each is killed as soon as it is there, and is waited for longer: it is away for seconds.
      for (let time = 0; time < 3; time++) {
        await kill("server");
        await rotateAll();
      }
      await isReady();
      await catchesUp();

      process.kill(await shipper(), "SIGKILL");
      await Promise.all([kill("server"), kill("agent"), rotateAll().then(rotateAll)]);
      await isReady();
      await writer.stop();
      await catchesUp();

      const count = writer.count();
      assert.ok(count > 500, `${count} lines prove little`);
      const messages = (await exportRecords(mycloud.api, tokens.acme, "service:story")).map(({ message }) => message);
      for (const name of names) {
        const numbers = messages
          .filter((message) => message.startsWith(`${name} `))
          .map((message) => Number(message.slice(name.length + 1)));
        const wrong = numbers.findIndex((number, index) => number !== index);
        assert.equal(wrong, -1, `${name}: where ${wrong} belongs is ${numbers.slice(wrong, wrong + 20)}`);
        assert.equal(numbers.length, count, `${name}: lines`);
      }
      const quiet = messages.filter((message) => message.startsWith("all is quiet"));
      assert.deepEqual(
        quiet,
        Array.from({ length: 5 }, (_, number) => `all is quiet ${number}`),
      );
    });
  });

  test("the check recovers, and that is told", async () => {
    await write("the disk is on fire, sector 4712");
    await arrives('service:story "sector 4712"');
    await turns("CRITICAL", "OK");
    const recovered = await waitFor(() => mailsOfOncall()[1], 60_000, "the mail");
    assert.match(recovered.subject, /^Re: .*CRITICAL/);
    assert.match(recovered.text, /^RECOVERED: .*story-fires is OK/);
    assert.match(recovered.text, /2 records in 3600 s/);
    assert.equal(mailsOfOncall().length, 2, "nothing was told twice");
  });

  test("a customer sees the records of its own machines, whichever way it asks", async () => {
    const send = (records: readonly object[]) =>
      fetch(`${mycloud.url}/api/v1/logs`, {
        method: "POST",
        headers: {
          authorization: `Basic ${Buffer.from(`${stranger.user}:${stranger.password}`).toString("base64")}`,
          "content-type": "application/x-ndjson",
        },
        body: records.map((record) => `${JSON.stringify(record)}\n`).join(""),
      });
    const [acmeTail, globexTail] = await Promise.all([
      followTail(mycloud.url, tokens.acme),
      followTail(mycloud.url, tokens.globex),
    ]);
    cleanup.after(() => {
      acmeTail.close();
      globexTail.close();
    });
    const answer = await send([
      { host: stranger.host, service: "door", message: "globexia opened the door", badge: "globex-badge-7" },
      // Claims to be the machine of somebody else: it stays with who sent it.
      { host: ownHost, service: "door", message: "globexia pretends", badge: "globex-badge-8" },
    ]);
    assert.equal(answer.status, 200, await answer.text());
    await arrives("globexia pretends");
    await write("acmeword after the door");
    await arrives("acmeword");
    await waitFor(() => acmeTail.text().includes("acmeword"), 60_000, "the tail of acme");
    await waitFor(() => globexTail.text().includes("globexia pretends"), 60_000, "the tail of globex");

    const acme: Record<string, string> = { ...(await askEverything(mycloud.api, tokens.acme)), tail: acmeTail.text() };
    const globex: Record<string, string> = {
      ...(await askEverything(mycloud.api, tokens.globex)),
      tail: globexTail.text(),
    };
    for (const [path, text] of Object.entries(acme)) assert.doesNotMatch(text, /globex/, `acme: ${path}`);
    for (const [path, text] of Object.entries(globex)) {
      assert.doesNotMatch(text, /acme|on fire|renamed|rotated|all is quiet/, `globex: ${path}`);
    }
    assert.doesNotMatch(acme["logs/fields"] ?? "", /badge/);
    assert.match(globex["logs/fields"] ?? "", /badge/);
    assert.match(acme["logs?limit=1000"] ?? "", /acmeword/);
    assert.match(globex["logs?limit=1000"] ?? "", /globexia pretends/);
    const { bins }: { bins: { count: number }[] } = JSON.parse(globex["logs/histogram"] ?? "");
    assert.equal(
      bins.reduce((sum, { count }) => sum + count, 0),
      2,
    );

    const [foreign = assert.fail()] = await find("globexia", tokens.globex);
    const [own = assert.fail()] = await find("acmeword", tokens.acme);
    const context = async (id: string, token: string) =>
      (await mycloud.api("GET", `/api/v1/logs/${encodeURIComponent(id)}/context`, { token })).status;
    assert.deepEqual(
      [
        await context(foreign.id, tokens.acme),
        await context(own.id, tokens.globex),
        await context(foreign.id, tokens.globex),
        await context(own.id, tokens.acme),
      ],
      [404, 404, 200, 200],
    );
    assert.equal((await find("globexia OR acmeword")).length, 3, "operators see all");
    const pretended = (await find("pretends"))[0];
    assert.deepEqual([pretended?.customer, pretended?.hostId], ["globex", null]);
  });
});
