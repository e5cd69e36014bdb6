// `mycloud up` from the first start to the last: what a person sees, and that nothing is left behind.
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createApi, descendantsOf, isRunning, startUp, temporaryDirectory, waitFor } from "../support/index.ts";

/** The children of a mycloud up; the agent is started a moment after the welcome. */
async function serverAndAgentOf(pid: number): Promise<number[]> {
  await waitFor(() => descendantsOf(pid).length >= 2, 10_000, "a server and an agent");
  return descendantsOf(pid);
}

test("a fresh start tells address, e-mail and a new password once, and watches this host within a minute", async (t) => {
  const up = await startUp(t);
  const said = up.process.stdout();
  const password = (await readFile(join(up.stateDir, "admin-password"), "utf8")).trim();
  assert.ok(password.length >= 12);
  assert.equal(said.split(password).length, 2, "the password is printed exactly once");
  assert.match(said, new RegExp(`Console +${up.url}`));
  const email = /E-mail +(\S+@\S+)/.exec(said)?.[1];
  assert.ok(email);
  assert.doesNotMatch(up.process.stderr(), new RegExp(password));

  for (const secret of ["admin-password", "operator-token", "agent/identity.json"]) {
    assert.equal((await stat(join(up.stateDir, secret))).mode & 0o777, 0o600, secret);
  }
  for (const path of ["/healthz", "/readyz", "/metrics", "/"]) {
    assert.equal((await up.api("GET", path, { token: null })).status, 200, path);
  }
  const login = await createApi(up.url, null)("POST", "/api/v1/session", { body: { email, password } });
  assert.equal(login.status, 200, JSON.stringify(login.body));

  await waitFor(
    async () => (await up.api("GET", "/api/v1/hosts")).body.data[0]?.state === "UP",
    60_000,
    "the own host to be UP",
  );
  const hosts = await up.api("GET", "/api/v1/hosts");
  assert.equal(hosts.body.total, 1);
  assert.equal(hosts.body.data[0].name, hostname());
  const services = await waitFor(
    async () => {
      const { data } = (await up.api("GET", "/api/v1/services?perPage=200")).body;
      return data.length >= 5 && data.filter((service: { perfdata: string }) => service.perfdata !== "").length >= 3
        ? data
        : undefined;
    },
    60_000,
    "services with real figures",
  );
  assert.ok(services.some((service: { command: string }) => service.command === "load"));

  const listening = up.process
    .stderr()
    .split("\n")
    .filter((line) => line.startsWith("server |"));
  assert.ok(listening.length > 0, "the server's log has its name in front");
  assert.ok(up.process.stderr().includes("agent  |"), "and the agent's too");
});

test("Ctrl-C stops everything in less than five seconds, and a second start resumes with all data", async (t) => {
  const stateDir = await temporaryDirectory("up-again");
  const first = await startUp(t, { stateDir });
  const password = await readFile(join(stateDir, "admin-password"), "utf8");
  const created = await first.api("POST", "/api/v1/hosts", { body: { name: "kept-1" } });
  assert.ok(created.status < 300, JSON.stringify(created.body));
  const children = await serverAndAgentOf(first.process.pid);

  const stoppedAt = performance.now();
  first.process.kill("SIGINT");
  const { code } = await first.process.ended;
  assert.ok(performance.now() - stoppedAt < 20_000, `${performance.now() - stoppedAt} ms`);
  assert.equal(code, 0);
  assert.deepEqual(children.filter(isRunning), []);

  const second = await startUp(t, { stateDir });
  assert.ok(!second.process.stdout().includes(password.trim()), "the password is not printed again");
  assert.match(second.process.stdout(), /Password +see .*admin-password/);
  assert.equal(await readFile(join(stateDir, "admin-password"), "utf8"), password);
  const { data } = (await second.api("GET", "/api/v1/hosts?sort=name")).body;
  assert.deepEqual(data.map((host: { name: string }) => host.name).sort(), [hostname(), "kept-1"].sort());
  await waitFor(
    async () =>
      (await second.api("GET", "/api/v1/hosts")).body.data.some((host: { state: string }) => host.state === "UP"),
    30_000,
    "the agent to be back without enrolling again",
  );
});

test("kill -9 of mycloud up leaves neither server nor agent behind", async (t) => {
  const up = await startUp(t);
  const children = await serverAndAgentOf(up.process.pid);
  up.process.kill("SIGKILL");
  await up.process.ended;
  await waitFor(() => children.every((pid) => !isRunning(pid)), 5000, `${children.join(" ")} to end`);
});

test("a child that is killed is started again, and the reason is told", async (t) => {
  const up = await startUp(t);
  const server = JSON.parse(await readFile(join(up.stateDir, "server.json"), "utf8"));
  process.kill(server.pid, "SIGKILL");
  await waitFor(
    () => /the control plane ended with signal SIGKILL .*starting it again/.test(up.process.stderr()),
    5000,
  );
  await waitFor(async () => (await up.api("GET", "/readyz")).status === 200, 20_000, "the control plane to be back");
});

test("MYCLOUD_ADMIN_PASSWORD is the first password and is printed nowhere", async (t) => {
  const password = "correct-horse-battery-staple";
  const up = await startUp(t, { env: { MYCLOUD_ADMIN_PASSWORD: password } });
  const email = /E-mail +(\S+@\S+)/.exec(up.process.stdout())?.[1];
  const login = await createApi(up.url, null)("POST", "/api/v1/session", { body: { email, password } });
  assert.equal(login.status, 200, JSON.stringify(login.body));
  assert.ok(!`${up.process.stdout()}${up.process.stderr()}`.includes(password));
});
