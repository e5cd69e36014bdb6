import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { type ConfigurationSources, loadConfiguration } from "./load-configuration.ts";
import { options } from "./options.ts";

let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "mycloud-settings-"));
});
after(() => rm(directory, { recursive: true, force: true }));

const load = (sources: Partial<ConfigurationSources>) =>
  loadConfiguration({
    flags: {},
    environment: {},
    file: null,
    defaultStateDir: "/default",
    workingDirectory: "/home/ops",
    ...sources,
  });

it("a flag goes before the environment, that before the file, that before the default", async () => {
  const file = join(directory, "a.yaml");
  await writeFile(file, "adminEmail: file@example.org\nlogLevel: debug\nmailFrom: file@example.org\n");
  const loaded = await load({
    file,
    environment: { MYCLOUD_ADMIN_EMAIL: "environment@example.org", MYCLOUD_LOG_LEVEL: "warn" },
    flags: { adminEmail: "flag@example.org" },
  });
  assert.deepEqual(
    [loaded.adminEmail, loaded.logLevel, loaded.mailFrom, loaded.http],
    ["flag@example.org", "warn", "file@example.org", { host: "127.0.0.1", port: 8080 }],
  );
});

it("an empty variable is as good as none", async () => {
  const loaded = await load({ environment: { MYCLOUD_DATABASE_URL: "", MYCLOUD_STATE_DIR: "" } });
  assert.deepEqual([loaded.databaseUrl, loaded.stateDir], [null, "/default"]);
});

it("relative paths start where the person stands", async () => {
  assert.equal((await load({ flags: { stateDir: "var" } })).stateDir, "/home/ops/var");
});

it("addresses to listen at are a host and a port, IPv6 in brackets", async () => {
  const http = async (text: string) => (await load({ flags: { http: text } })).http;
  assert.deepEqual(await http("[::1]:0"), { host: "::1", port: 0 });
  assert.deepEqual(await http("localhost:8081"), { host: "localhost", port: 8081 });
  for (const wrong of ["8080", "::1:80", "host:", "host:70000", "host:1x", ":80"])
    await assert.rejects(http(wrong), /HOST:PORT/);
});

it("proxies to trust are none, a number, or networks", async () => {
  const trusted = async (text: string) => (await load({ flags: { trustProxy: text } })).trustProxy;
  assert.deepEqual(
    [await trusted("false"), await trusted("1"), await trusted("10.0.0.0/8,::1")],
    [false, 1, "10.0.0.0/8,::1"],
  );
});

it("a file with an unknown setting, that is no YAML, or that was named and is missing is refused", async () => {
  const file = join(directory, "b.yaml");
  await writeFile(file, "htpp: x\n");
  await assert.rejects(load({ file }), /unknown setting htpp; there are: stateDir, http/);
  await writeFile(file, "a: [\n");
  await assert.rejects(load({ file }), /is not YAML/);
  await writeFile(file, "- a\n");
  await assert.rejects(load({ file }), /no list of "name: value"/);
  await assert.rejects(load({ environment: { MYCLOUD_SERVER_CONFIG: join(directory, "none.yaml") } }), /ENOENT/);
});

it("a password in a database URL is not repeated in a fault", async () => {
  await assert.rejects(
    load({ environment: { MYCLOUD_DATABASE_URL: "postgres://u:hunter2@h/d" } }),
    (error: unknown) => {
      assert.ok(error instanceof Error && /MYCLOUD_DATABASE_URL is not understood/.test(error.message));
      return !error.message.includes("hunter2");
    },
  );
});

it("every setting has a variable of its own, and secrets have no flag", () => {
  assert.equal(new Set(options.map(({ environment }) => environment)).size, options.length);
  assert.ok(options.every((option) => !("flag" in option) || !/password(?!-file)/.test(option.flag)));
});
