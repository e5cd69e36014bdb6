import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDatabase, startMariadb } from "../../test/peers/mariadb.ts";
import { type Cleanup, startServer, type TestServer } from "../../test/support/index.ts";
import { checkSpec, type EstateSize, seedEstate } from "./estate.ts";
import { type Probe, type Probed, startProbe } from "./probe.ts";
import { writeNagios } from "./write-nagios.ts";

/** One change, how long it took, and what results noticed of it. */
export interface MeasuredStep extends Probed {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: string;
  /** The most memory the command had; null: there was none. */
  readonly commandMiB: number | null;
  /** The most memory the server had so far. */
  readonly serverMiB: number;
}

export interface StepsOptions {
  readonly database: "sqlite" | "mariadb";
  readonly size: EstateSize;
  /** Names of the steps to take; default: all. */
  readonly only?: readonly string[];
  /** Where the installation on SQLite is and stays, for steps that are measured at another time. */
  readonly directory?: string;
}

const program = join(import.meta.dirname, "../../bin/mycloud");

interface Bench {
  readonly directory: string;
  readonly server: TestServer;
  readonly probe: Probe;
  readonly steps: MeasuredStep[];
  step(name: string, work: () => Promise<{ readonly outcome: string; readonly commandMiB?: number }>): Promise<void>;
}

/** A Nagios configuration of a service an object is imported into an empty installation, and then once more. */
export async function measureImport(cleanup: Cleanup, options: StepsOptions): Promise<MeasuredStep[]> {
  const bench = await start(cleanup, options, async () => undefined);
  const { hosts, checks: services } = options.size;
  const written = join(bench.directory, "nagios");
  const path = existsSync(written) ? join(written, "nagios.cfg") : writeNagios(written, { hosts, services });
  const command = (flags: readonly string[]) => () => runCommand(["import", "nagios", path, ...flags], bench);
  const steps = [
    { key: "quiet", title: "nothing", work: async () => ({ outcome: await sleep(10_000, "") }) },
    { key: "dry-run", title: "mycloud import nagios --dry-run", work: command(["--dry-run"]) },
    { key: "import", title: "mycloud import nagios", work: command([]) },
    { key: "again", title: "the same again: nothing to do", work: command([]) },
    {
      key: "export",
      title: "mycloud export DIR",
      work: () => runCommand(["export", join(bench.directory, "yaml")], bench),
    },
  ];
  for (const { key, title, work } of steps) {
    if (options.only === undefined || options.only.includes(key)) await bench.step(title, work);
  }
  return bench.steps;
}

/** One check over all hosts, written at the console. */
export async function measureConsole(cleanup: Cleanup, options: StepsOptions): Promise<MeasuredStep[]> {
  const bench = await start(cleanup, options, async (location) => {
    await seedEstate(location, options.size);
  });
  const { api } = bench.server;
  const spec = { name: "everywhere", ...checkSpec("5,4,3") };
  let id = 0;
  const send = (method: string, path: () => string, body?: object) => async () => {
    const answer = await api(method, path(), body === undefined ? {} : { body });
    if (answer.status >= 400) throw new Error(`${method} ${path()}: ${answer.status} ${JSON.stringify(answer.body)}`);
    id = answer.body.id;
    for (let left = 1; left > 0; ) {
      left = (await api("GET", "/api/v1/applies")).body.total;
      if (left > 0) await sleep(250);
    }
    return { outcome: `${answer.status}` };
  };
  const one = () => `/api/v1/checks/${id}`;
  await bench.step(
    "POST a check over all hosts",
    send("POST", () => "/api/v1/checks", spec),
  );
  await bench.step("PUT: another name", send("PUT", one, { ...spec, name: "renamed" }));
  await bench.step("PUT: thresholds", send("PUT", one, { ...spec, name: "renamed", arguments: ["-w", "9,8,7"] }));
  await bench.step("PUT: disabled", send("PUT", one, { ...spec, name: "renamed", isEnabled: false }));
  await bench.step("DELETE", send("DELETE", one));
  return bench.steps;
}

async function start(
  cleanup: Cleanup,
  { database, directory: kept }: StepsOptions,
  seed: (location: string) => Promise<void>,
): Promise<Bench> {
  const directory = kept ?? mkdtempSync(join(tmpdir(), "mycloud-bench-"));
  if (kept === undefined) cleanup.after(async () => rmSync(directory, { recursive: true, force: true }));
  const stateDir = join(directory, "state");
  mkdirSync(stateDir, { mode: 0o700, recursive: true });
  let databaseUrl: string | undefined;
  if (database === "mariadb") {
    const peer = await startMariadb({ isPrivate: true });
    cleanup.after(() => peer.stop());
    databaseUrl = await createDatabase(peer.url, "mycloud_bench");
  }
  await seed(databaseUrl ?? join(stateDir, "mycloud.sqlite"));
  const server = await startServer(cleanup, {
    stateDir,
    env: { MYCLOUD_LOG_LEVEL: "warn", MYCLOUD_DATABASE_URL: databaseUrl },
  });
  const probe = await startProbe(server.url, server.api);
  cleanup.after(() => probe.stop());
  const steps: MeasuredStep[] = [];
  return {
    directory,
    server,
    probe,
    steps,
    async step(name, work) {
      await sleep(2_500);
      probe.take();
      const startedAtMs = performance.now();
      const { outcome, commandMiB = null } = await work();
      const seconds = (performance.now() - startedAtMs) / 1000;
      // The next look at the event loop still is of this.
      await sleep(1_500);
      const serverMiB = peakMiB(server.process().pid);
      steps.push({ name, seconds, outcome, commandMiB, serverMiB, ...probe.take() });
      console.error(JSON.stringify(steps.at(-1)));
    },
  };
}

/** The command as a person types it; as it would run on another machine, it gives way to what is measured. */
async function runCommand(command: readonly string[], { server }: Bench) {
  const child = spawn("nice", ["-n", "19", program, ...command, "--state-dir", server.stateDir]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-2000);
    });
  }
  let commandMiB = 0;
  const watching = setInterval(() => {
    commandMiB = Math.max(commandMiB, peakMiB(child.pid));
  }, 200);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(watching);
  if (code !== 0) throw new Error(`mycloud ${command.join(" ")} ended with ${code}: ${output}`);
  return { outcome: output.trim().split("\n").at(-1) ?? "", commandMiB };
}

/** The most memory a process has had resident; 0 when it is gone. */
function peakMiB(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
