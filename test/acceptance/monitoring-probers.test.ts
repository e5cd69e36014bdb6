import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { WEEKDAYS } from "../peers/nagios-config.ts";
import { NRPE_PROGRAM, startNrpe } from "../peers/nrpe.ts";
import { requirePeer } from "../peers/peer.ts";
import {
  cleanupOfSuite,
  freePort,
  type MycloudProcess,
  runMycloud,
  startMycloud,
  startServer,
  type TestServer,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

/** How soon a prober that is gone is missed here: three keepalives, the shortest there is. */
const missedAfterSeconds = 10;

interface Watched {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly lastCheckAtMs: number | null;
  readonly output: string;
  readonly proberName?: string | null;
}

// Both tests wait most of their time, for different things.
describe("checks run by whom they should, when they should", { concurrency: true }, () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;

  before(async () => {
    server = await startServer(cleanup);
  });

  async function api(method: "GET" | "POST" | "PUT", path: string, body?: unknown) {
    const answer = await server.api(method, path, body === undefined ? {} : { body });
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  const list = async (path: string, filter: unknown) =>
    (await api("GET", `${path}?perPage=1000&sort=id&order=ASC&filter=${encodeURIComponent(JSON.stringify(filter))}`))
      .data;
  const hostNamed = async (name: string) => (await list("/api/v1/hosts", { name }))[0];
  const servicesOf = async (hostName: string): Promise<Watched[]> => await list("/api/v1/services", { hostName });

  async function enrol(hostName: string): Promise<string> {
    const stateDir = await temporaryDirectory("agent");
    const { token } = await api("POST", "/api/v1/enrolment-tokens", {});
    const where = ["--server", server.url, "--state-dir", stateDir, "--host-name", hostName];
    const { code, stderr } = await runMycloud(["agent", "enrol", ...where], {
      env: { MYCLOUD_ENROLMENT_TOKEN: token },
    });
    assert.equal(code, 0, stderr);
    return stateDir;
  }

  function startAgent(stateDir: string): MycloudProcess {
    const agent = startMycloud(["agent", "run", "--state-dir", stateDir]);
    cleanup.after(async () => void (await agent.stop()));
    return agent;
  }

  async function kill(agent: MycloudProcess): Promise<void> {
    agent.kill("SIGKILL");
    await agent.ended;
  }

  test("a host without an agent is watched by the first of its probers that is there, and never green when none is", {
    timeout: 300_000,
  }, async (t) => {
    if (!requirePeer(t, NRPE_PROGRAM, "nagios-nrpe-server")) return;
    const web = createServer((_, answer) => answer.end("hello"));
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    t.after(() => web.close());
    const address = web.address();
    assert.ok(typeof address === "object" && address !== null);
    const nrpePort = await freePort();
    const nrpe = await startNrpe(nrpePort, ["command[users]=/bin/sh -c 'echo \"USERS OK - 3 users | users=3\"'"]);
    t.after(nrpe.stop);

    const agents = new Map<string, MycloudProcess>();
    const stateDirs = new Map<string, string>();
    for (const name of ["prober-a", "prober-b"]) {
      stateDirs.set(name, await enrol(name));
      const { id, ...host } = await hostNamed(name);
      await api("PUT", `/api/v1/hosts/${id}`, { ...host, freshnessSeconds: missedAfterSeconds });
      agents.set(name, startAgent(stateDirs.get(name)!));
    }
    const box = {
      name: "box",
      address: "127.0.0.1",
      probers: ["prober-a", "prober-b"],
      freshnessSeconds: 15,
    };
    const wrong = await server.api("POST", "/api/v1/hosts", {
      body: { ...box, probers: ["prober-a", "prober-x", "box"] },
    });
    assert.equal(wrong.status, 400);
    assert.deepEqual(
      wrong.body.error.issues.map(
        ({ field, value, message }: Record<string, string>) => `${field} ${value} ${message}`,
      ),
      [
        'probers "prober-x" there is no host of this name',
        'probers "box" is the host itself; its own agent runs its checks without being named',
      ],
    );
    const { id: hostId } = await api("POST", "/api/v1/hosts", box);
    const often = { selector: { hosts: ["box"] }, checkIntervalSeconds: 5, retryIntervalSeconds: 5, timeoutSeconds: 5 };
    const port = String(address.port);
    const to = ["-H", "$HOSTADDRESS$"];
    for (const check of [
      { ...often, name: "alive", target: "host", command: "ping", arguments: [...to, "-p", "1"], maxCheckAttempts: 2 },
      { ...often, name: "web page", command: "http", arguments: [...to, "-p", port] },
      { ...often, name: "logged in", command: "nrpe", arguments: [...to, "-p", String(nrpePort), "-c", "users"] },
      { ...often, name: "web port", command: "tcp", arguments: [...to, "-p", port], checkIntervalSeconds: 3_600 },
    ]) {
      await api("POST", "/api/v1/checks", check);
    }
    const explained = async () => (await api("GET", `/api/v1/hosts/${hostId}/explanation`)).prober as string;
    const proberIs = (name: string) =>
      waitFor(async () => (await explained()).includes(`prober "${name}"`), 30_000, `${name} to be the prober`);

    await t.test("ping, tcp, http and the NRPE client each run through it", async () => {
      const isDone = async () => {
        const host = await hostNamed("box");
        const services = await servicesOf("box");
        return host.state === "UP" && services.every(({ state }) => state === "OK") ? { host, services } : undefined;
      };
      const { host, services } = await waitFor(isDone, 60_000, "everything on box to be fine");
      assert.match(host.output, /^PING OK/);
      assert.deepEqual([host.prober.hostName, host.prober.isLive], ["prober-a", true]);
      assert.deepEqual(
        [host.hostCheck.command, host.maxCheckAttempts, host.hostCheck.retryIntervalSeconds],
        ["ping", 2, 5],
      );
      assert.ok(host.nextCheckAtMs > host.lastCheckAtMs && host.executionTimeSeconds > 0);
      assert.deepEqual(services.map(({ name, output }) => `${name}: ${output.slice(0, 8)}`).sort(), [
        "logged in: USERS OK",
        "web page: HTTP OK ",
        "web port: TCP OK -",
      ]);
      const instance = ["--server", server.url, "--token-file", join(server.stateDir, "operator-token")];
      const explain = await runMycloud(["explain", "box/logged in", ...instance]);
      assert.match(
        explain.stdout,
        /^checked by: Its checks are run by the agent of prober "prober-a"/m,
        explain.stderr,
      );
    });

    await t.test("an imported host's checks run through the probers that the import names", async () => {
      const directory = await temporaryDirectory("imported");
      const every = "contacts anna\n max_check_attempts 1\n check_interval 1\n";
      const objects = [
        `define host{\n host_name old\n address 127.0.0.1\n check_command said!up\n ${every}}`,
        `define service{\n host_name old\n service_description says\n check_command said!it is $HOSTADDRESS$\n ${every}}`,
        "define command{\n command_name said\n command_line /bin/echo $ARG1$\n}",
        "define contact{\n contact_name anna\n}",
      ];
      await writeFile(join(directory, "objects.cfg"), objects.join("\n"));
      const instance = ["--server", server.url, "--token-file", join(server.stateDir, "operator-token")];
      const importWith = (...probers: string[]) =>
        runMycloud(["import", "nagios", directory, ...probers.flatMap((name) => ["--prober", name]), ...instance]);
      const refused = await importWith("prober-x");
      assert.equal(refused.code, 65);
      assert.match(
        refused.stderr,
        /--prober prober-x: no host of this name has an agent \(.*prober-a, prober-b have one\)/,
      );
      const alone = await importWith();
      assert.match(alone.stderr, /\(old\): nobody runs their checks/, alone.stderr);
      const imported = await importWith("prober-a", "prober-b");
      assert.match(imported.stderr, /\(old\): the agent of prober-a runs their checks; while it is away, prober-b/);
      const isDone = async () => {
        const [host, [service]] = [await hostNamed("old"), await servicesOf("old")];
        if (host.state === "UP" && service?.state === "OK") return { host, service };
        // The interval is Nagios' least, a minute: nobody waits for it here.
        await server.api("POST", "/api/v1/check-now", { body: { hostIds: [host.id] } });
        return undefined;
      };
      const { host, service } = await waitFor(isDone, 60_000, "the imported checks");
      assert.deepEqual(
        [host.output, host.prober.hostName, service.output, service.proberName],
        ["up", "prober-a", "it is 127.0.0.1", "prober-a"],
      );
      const { id } = host;
      assert.equal((await server.api("DELETE", `/api/v1/hosts/${id}`)).status, 200);
    });

    await t.test("what somebody asks to be run on it runs there, too", async () => {
      const seldom = async () => (await servicesOf("box")).find(({ name }) => name === "web port")!;
      const first = (await seldom()).lastCheckAtMs;
      const { done } = await api("POST", "/api/v1/check-now", { hostIds: [hostId] });
      assert.deepEqual(done, [{ hostId, serviceId: null }]);
      await waitFor(async () => (await seldom()).lastCheckAtMs !== first, 60_000, "the seldom check to run");
      const test = { hostId, command: "tcp", arguments: ["-H", "127.0.0.1", "-p", port], timeoutSeconds: 10 };
      const { id } = await api("POST", "/api/v1/checks/test-run", test);
      const ran = await waitFor(
        async () => {
          const command = await api("GET", `/api/v1/agent-commands/${id}`);
          return command.phase === "done" ? command : undefined;
        },
        60_000,
        "the test run",
      );
      assert.equal(ran.hostName, "prober-a");
      assert.match(ran.result.output, /^TCP OK/);
    });

    await t.test("the second takes over from one that is killed, and gives back, without a false state", async () => {
      const startedAtMs = Date.now();
      await kill(agents.get("prober-a")!);
      await proberIs("prober-b");
      // Its last keepalive may have come when it was killed; then its silence is looked for every two seconds.
      const tookSeconds = (Date.now() - startedAtMs) / 1000;
      assert.ok(tookSeconds < missedAfterSeconds + 15, `${tookSeconds} s`);
      const takenOverAtMs = Date.now();
      const isSeen = async () =>
        [await hostNamed("box"), ...(await servicesOf("box"))]
          .filter(({ name }) => name !== "web port")
          .every(({ lastCheckAtMs }) => lastCheckAtMs > takenOverAtMs);
      await waitFor(isSeen, 60_000, "results of the second prober");
      agents.set("prober-a", startAgent(stateDirs.get("prober-a")!));
      await proberIs("prober-a");
      const givenBackAtMs = Date.now();
      await waitFor(
        async () => ((await hostNamed("box")).lastCheckAtMs ?? 0) > givenBackAtMs,
        60_000,
        "results of the first",
      );
      const box = await hostNamed("box");
      assert.equal(box.state, "UP");
      assert.deepEqual(await list("/api/v1/state-changes", { hostId }), [], "nothing but fine");
      const results = await list("/api/v1/check-results", { hostName: "box", serviceName: "web page" });
      const times = results.map(({ checkedAtMs }: { checkedAtMs: number }) => checkedAtMs).sort();
      assert.equal(new Set(times).size, times.length, "no result came twice");
      const seconds = (times.at(-1) - times[0]) / 1000;
      // One every five seconds, and one more each time somebody begins.
      assert.ok(times.length <= seconds / 5 + 4, `${times.length} results in ${seconds} s`);
    });

    await t.test("a prober whose policy does not allow it is passed over", async () => {
      await writeFile(join(stateDirs.get("prober-a")!, "agent/policy.yaml"), "allow: [check-now]\n");
      await proberIs("prober-b");
      assert.match(await explained(), /the policy of "prober-a" does not allow to probe/);
    });

    await t.test(
      "with all probers gone, the host and then its services are STALE, and monitoring was blind",
      async () => {
        await Promise.all([...agents.values()].map(kill));
        const host = await waitFor(
          async () => {
            const found = await hostNamed("box");
            return found.state === "STALE" ? found : undefined;
          },
          60_000,
          "box to be STALE",
        );
        assert.match(host.output, /no live prober: /);
        assert.equal(host.prober.isLive, false);
        const isBlind = async () =>
          (await servicesOf("box")).filter(({ name }) => name !== "web port").every(({ state }) => state === "STALE");
        await waitFor(isBlind, 90_000, "its services to be STALE");
        const range = `fromMs=${Date.now() - 600_000}&untilMs=${Date.now()}`;
        const changes = await list("/api/v1/state-changes", { hostId });
        assert.ok(
          changes.every(({ toState }: { toState: string }) => toState === "STALE"),
          JSON.stringify(changes),
        );
        const report = await api("GET", `/api/v1/availability?${range}&host=box`);
        const ofHost = report.data.find(({ serviceId }: { serviceId: number | null }) => serviceId === null);
        assert.ok(ofHost.states.STALE.durationMs > 0 && ofHost.blindMs >= ofHost.states.STALE.durationMs);
      },
    );
  });

  test("a check outside its period, or held by a dependency, does not run until it may", {
    timeout: 300_000,
  }, async () => {
    const stateDir = await enrol("held");
    startAgent(stateDir);
    const { id: hostId } = await hostNamed("held");
    const later = new Date(Date.now() + 3 * 86_400_000)
      .toLocaleDateString("en", { weekday: "long", timeZone: "UTC" })
      .toLowerCase();
    const period = await api("POST", "/api/v1/time-periods", { name: "later", weekly: { [later]: ["00:00-24:00"] } });
    const unknown = { name: "x", command: "uptime", checkPeriod: "none" };
    const refused = await server.api("POST", "/api/v1/checks", { body: unknown });
    assert.match(JSON.stringify(refused.body), /checkPeriod is \\"none\\"; there is no TimePeriod of this name/);
    await api("POST", "/api/v1/services", { hostId, name: "master", maxCheckAttempts: 1 });
    const report = (returnCode: number) =>
      api("POST", "/api/v1/check-results", [{ host: "held", service: "master", returnCode, output: "said" }]);
    await report(0);
    const often = {
      selector: { hosts: ["held"] },
      checkIntervalSeconds: 5,
      retryIntervalSeconds: 5,
      timeoutSeconds: 5,
    };
    const tcp = { command: "tcp", arguments: ["-H", "127.0.0.1", "-p", String(server.port)] };
    await api("POST", "/api/v1/dependencies", {
      name: "hangs on master",
      dependent: { hosts: ["held"], services: ["dependent"] },
      masters: [{ service: "master" }],
      executionFailureStates: ["CRITICAL"],
    });
    await api("POST", "/api/v1/dependencies", {
      name: "host hangs on master",
      dependent: { hosts: ["held"], services: [] },
      masters: [{ service: "master" }],
      executionFailureStates: ["CRITICAL"],
    });
    for (const check of [
      { ...often, ...tcp, name: "dependent" },
      { ...often, ...tcp, name: "free" },
      { ...often, ...tcp, name: "host itself", target: "host" },
      { ...often, ...tcp, name: "later", checkPeriod: "later" },
    ]) {
      await api("POST", "/api/v1/checks", check);
    }
    const lastChecks = async () => {
      const services = await servicesOf("held");
      const of = (name: string) => services.find((service) => service.name === name)?.lastCheckAtMs ?? 0;
      const host = (await hostNamed("held")).lastCheckAtMs ?? 0;
      return { host, dependent: of("dependent"), free: of("free"), later: of("later") };
    };
    /** Waits until these have run after now. */
    const haveRun = async (...names: (keyof Awaited<ReturnType<typeof lastChecks>>)[]) => {
      const sinceMs = Date.now();
      const isDone = async () => {
        const last = await lastChecks();
        return names.every((name) => last[name] > sinceMs) ? last : undefined;
      };
      return await waitFor(isDone, 30_000, `${names.join(", ")} to run`);
    };
    assert.equal((await haveRun("host", "dependent", "free")).later, 0, "it is outside its period");

    await report(2);
    // The agent hears of it within seconds, and what was under way then is done; from then on only what is free runs, every five seconds.
    const isHeld = async () => {
      const { free, host, dependent } = await lastChecks();
      return free - Math.max(host, dependent) > 10_000;
    };
    await waitFor(isHeld, 60_000, "host and dependent to be held");
    assert.equal((await lastChecks()).later, 0);
    assert.equal((await hostNamed("held")).state, "UP");

    await report(0);
    const { id, ...rest } = period;
    const weekly = Object.fromEntries(WEEKDAYS.map((day) => [day, ["00:00-24:00"]]));
    await api("PUT", `/api/v1/time-periods/${id}`, { ...rest, weekly });
    await haveRun("host", "dependent", "later");
  });
});
