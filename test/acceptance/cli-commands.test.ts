// The commands for people and scripts, against a real control plane found by --state-dir.
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import {
  cleanupOfSuite,
  type Ended,
  type MycloudOptions,
  runMycloud,
  startMycloud,
  startServer,
  type TestServer,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

describe("mycloud commands", () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;
  before(async () => {
    server = await startServer(cleanup);
  });

  async function mycloud(
    words: readonly string[],
    options: MycloudOptions = {},
  ): Promise<Ended & { stdout: string; stderr: string }> {
    return runMycloud([...words, "--state-dir", server.stateDir], options);
  }
  async function succeeds(words: readonly string[], options: MycloudOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await mycloud(words, options);
    assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  it("submits results one by one and from stdin, and lists what came of them", async () => {
    await succeeds([
      "check-result",
      "submit",
      "--host",
      "web1",
      "--service",
      "http",
      "--return-code",
      "2",
      "--output",
      "CRITICAL - refused|t=1s",
    ]);
    const stdin = `${JSON.stringify({ host: "web1", service: "disk", returnCode: 0, output: "OK" })}\n${JSON.stringify({ host: "web1", returnCode: 0, output: "up" })}\n`;
    await succeeds(["check-result", "submit"], { stdin });

    const table = await succeeds(["service", "list", "--host", "web1"]);
    assert.match(table, /^HOST +SERVICE +STATE/);
    assert.match(table, /web1 +http +CRITICAL .*CRITICAL - refused/);
    const rows = JSON.parse(await succeeds(["service", "list", "--state", "critical", "--json"]));
    assert.deepEqual(
      rows.map((row: { name: string }) => row.name),
      ["http"],
    );
    assert.match(await succeeds(["host", "list"]), /web1 +UP/);
    assert.match(await succeeds(["problem", "list"]), /CRITICAL +web1 +http/);
    assert.match(await succeeds(["service", "show", "web1/http"]), /output: +CRITICAL - refused/);
    assert.match(await succeeds(["status"]), /services: +2/);
  });

  it("keeps good results and ends with 65 when some are refused", async () => {
    const stdin = `${JSON.stringify({ host: "web1", service: "http", returnCode: 0, output: "OK" })}\n{"host":"web1"}\n`;
    const { code, stderr } = await mycloud(["check-result", "submit"], { stdin });
    assert.equal(code, 65);
    assert.match(stderr, /1 accepted, 1 rejected/);
    assert.match(stderr, /result 2: /);
  });

  it("acknowledges, plans downtimes and cancels them", async () => {
    await succeeds([
      "check-result",
      "submit",
      "--host",
      "db1",
      "--service",
      "sql",
      "--return-code",
      "2",
      "--output",
      "gone",
    ]);
    await succeeds(["acknowledge", "db1/sql", "-m", "on it"]);
    const [problem] = JSON.parse(await succeeds(["problem", "list", "--search", "sql", "--json"]));
    assert.equal(problem.isAcknowledged, true);
    assert.match(await succeeds(["problem", "list", "--unhandled"]), /^(?!.*db1 +sql)/s);

    const downtime = JSON.parse(
      await succeeds(["downtime", "add", "--host", "db1", "--for", "2h", "-m", "new disk", "--json"]),
    );
    assert.equal(downtime.endAtMs - downtime.startAtMs, 7_200_000);
    assert.match(await succeeds(["downtime", "list"]), /active .*db1 +new disk/);
    await succeeds(["downtime", "cancel", String(downtime.id)]);
    assert.doesNotMatch(await succeeds(["downtime", "list"]), /new disk/);
  });

  it("applies definitions, shows the difference first, and exports what it would take back unchanged", async () => {
    const directory = await temporaryDirectory("apply");
    await mkdir(join(directory, "in"));
    await writeFile(
      join(directory, "in", "all.yaml"),
      `kind: Contact
name: ops
spec: { email: ops@example.org }
---
kind: Host
name: app1
spec: { address: 192.0.2.7, labels: { role: app } }
---
kind: Check
name: app-http
spec: { command: http, arguments: [-H, $HOSTADDRESS$], selector: { labels: { role: app } } }
---
kind: NotificationRule
name: app
spec: { selector: { labels: { role: app } }, contacts: [ops] }
`,
    );
    const dry = await succeeds(["apply", "-f", "in", "--dry-run"], { cwd: directory, env: { INIT_CWD: undefined } });
    assert.match(dry, /\+ Contact ops/);
    assert.match(dry, /dry run, nothing was changed/);
    const none = await mycloud(["host", "show", "app1"]);
    assert.equal(none.code, 66);
    assert.match(await succeeds(["apply", "-f", "in"], { cwd: directory, env: { INIT_CWD: undefined } }), /4 created/);
    assert.match(
      await succeeds(["apply", "-f", "in"], { cwd: directory, env: { INIT_CWD: undefined } }),
      /0 created, 0 updated, 0 deleted, 4 unchanged/,
    );

    const out = join(directory, "out");
    await succeeds(["export", out]);
    assert.ok((await readdir(out)).includes("notification-rules.yaml"));
    assert.match(await readFile(join(out, "contacts.yaml"), "utf8"), /email: ops@example.org/);
    assert.match(await succeeds(["apply", "-f", out]), /0 created, 0 updated, 0 deleted/);
  });

  it("names every fault of the files with file and line, and changes nothing", async () => {
    const directory = await temporaryDirectory("apply-faults");
    const path = join(directory, "faults.yaml");
    await writeFile(
      path,
      "kind: Host\nname: new1\n---\nkind: Check\nname: c\nspec:\n  command: disk\n  timeoutSeconds: 30s\n---\nkind: Hots\nname: x\n",
    );
    const { code, stderr } = await mycloud(["apply", "-f", path]);
    assert.equal(code, 65);
    assert.match(stderr, /faults\.yaml:8: spec\.timeoutSeconds/);
    assert.match(stderr, /faults\.yaml:10: kind/);
    assert.equal((await mycloud(["host", "show", "new1"])).code, 66);
  });

  it("logs in with a password, keeps a token, and logs out", async () => {
    const home = await temporaryDirectory("home");
    const passwordFile = join(server.stateDir, "admin-password");
    const env = { HOME: home, XDG_CONFIG_HOME: undefined };
    const email = JSON.parse(await succeeds(["user", "list", "--json"]))[0].email;
    const login = await runMycloud(
      ["login", "--server", server.url, "--email", email, "--password-file", passwordFile],
      { env },
    );
    assert.equal(login.code, 0, login.stderr);
    const listed = await runMycloud(["host", "list"], { env });
    assert.equal(listed.code, 0, listed.stderr);
    assert.match(listed.stdout, /web1/);
    const logout = await runMycloud(["logout"], { env });
    assert.equal(logout.code, 0, logout.stderr);

    await writeFile(join(home, "wrong"), "not the password\n");
    const wrong = await runMycloud(
      ["login", "--server", server.url, "--email", email, "--password-file", join(home, "wrong")],
      { env },
    );
    assert.equal(wrong.code, 77, wrong.stderr);
  });

  it("says what is wrong with address and token", async () => {
    const directory = await temporaryDirectory("token");
    await writeFile(join(directory, "token"), "mc_wrong\n");
    const refused = await runMycloud([
      "host",
      "list",
      "--server",
      server.url,
      "--token-file",
      join(directory, "token"),
    ]);
    assert.equal(refused.code, 77, refused.stderr);
    assert.match(refused.stderr, /refused the token/);
    const away = await runMycloud([
      "host",
      "list",
      "--server",
      "http://127.0.0.1:1",
      "--token-file",
      join(directory, "token"),
      "--json",
    ]);
    assert.equal(away.code, 69);
    assert.equal(JSON.parse(away.stderr).error.exitCode, 69);
    const nothing = await runMycloud(["host", "list", "--state-dir", directory]);
    assert.equal(nothing.code, 69);
    assert.match(nothing.stderr, /no control plane has run on/);
  });

  it("follows events until it is interrupted", async () => {
    const events = startMycloud(["events", "--json", "--state-dir", server.stateDir]);
    cleanup.after(async () => {
      await events.stop();
    });
    await waitFor(
      async () => {
        await server.api("POST", "/api/v1/check-results", {
          body: [{ host: "web1", service: "http", returnCode: 1, output: `${Date.now()}` }],
        });
        return events.stdout().includes('"type":"services"');
      },
      10_000,
      "an event",
    );
    events.kill("SIGINT");
    assert.equal((await events.ended).code, 0);
  });
});
