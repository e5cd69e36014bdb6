// Every host backs up at once to one storage server: `npm run bench:backup-fleet`. 100 hosts begin their first backup in the same moment, each with its
// own identity, token, repository and engine process (the agent's job runner conducts it; there are no checks beside), while the control plane hands out
// tokens and takes progress and ends. BENCH_HOSTS, BENCH_MEGABYTES (of each host) and BENCH_FILES change the run. Everything runs on the machine it is
// started on, engines included. Ends with 1 when anything went wrong, be it helped by a second try.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BackupRunOutcome } from "@mycloud/protocol/backup-run";
import { createLogger } from "../agent/src/logger/index.ts";
import { createApi, freePort, type MycloudProcess, startMycloud, waitFor } from "../test/support/index.ts";
import { seedAgents } from "./agents/seed-agents.ts";
import { jainsIndex, quantile } from "./backup-fleet/fairness.ts";
import { startFleetHost } from "./backup-fleet/fleet-host.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: process.env.BENCH_HOSTS ?? "100" },
    megabytes: { type: "string", default: process.env.BENCH_MEGABYTES ?? "20" },
    files: { type: "string", default: process.env.BENCH_FILES ?? "100" },
  },
});
const [hostCount, megabytes, fileCount] = [Number(values.hosts), Number(values.megabytes), Number(values.files)];
const work = mkdtempSync(join(tmpdir(), "mycloud-bench-fleet-"));
const stateDir = join(work, "server");
const source = join(work, "source");
const machine = describeMachine();
const stopping = new AbortController();
const processes: MycloudProcess[] = [];
const complaints: string[] = [];

/** Half of it compresses, as files do on average; no two files share anything, and no two hosts share a repository. */
function makeSource(): void {
  mkdirSync(source);
  mkdirSync(stateDir, { mode: 0o700 });
  const size = Math.round((megabytes * 1_000_000) / fileCount / 2);
  for (let at = 0; at < fileCount; at++) {
    const random = randomBytes(size);
    writeFileSync(
      join(source, `file ${at}`),
      Buffer.concat([random, Buffer.from(random.toString("hex").slice(0, size))]),
    );
  }
}

function started(args: readonly string[], env: Record<string, string>): MycloudProcess {
  const process_ = startMycloud(args, { env: { MYCLOUD_LOG_LEVEL: "warn", ...env } });
  processes.push(process_);
  return process_;
}

/** Its own pid's figures: `bin/mycloud` becomes the program that it starts. */
function figuresOf({ pid }: MycloudProcess): { readonly peakMiB: number; readonly cpuSeconds: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return {
    peakMiB: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
  };
}

async function startBoth() {
  const [serverPort, storagePort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${serverPort}`;
  const storageUrl = `http://127.0.0.1:${storagePort}`;
  const server = started(["server"], { MYCLOUD_STATE_DIR: stateDir, MYCLOUD_HTTP: `127.0.0.1:${serverPort}` });
  await waitFor(async () => (await fetch(`${url}/readyz`)).status === 200, 60_000, "the control plane");
  const keys = join(work, "storage-keys.json");
  writeFileSync(keys, await (await fetch(`${url}/api/v1/storage-keys`)).text());
  const storage = started(
    ["storage", "serve", "--listen", `127.0.0.1:${storagePort}`, "--state-dir", join(work, "storage")],
    {
      MYCLOUD_STORAGE_TOKEN_KEYS: keys,
    },
  );
  await waitFor(() => fetch(storageUrl).then(() => true), 20_000, "the storage server");
  return { url, storageUrl, server, storage };
}

function report(
  endings: readonly { readonly seconds: number; readonly outcome: BackupRunOutcome }[],
  wallSeconds: number,
): string {
  const seconds = endings.map((ending) => ending.seconds);
  const total = (endings.length * megabytes) / wallSeconds;
  const [median, last] = [quantile(seconds, 0.5), Math.max(...seconds)];
  const stored = endings.reduce((sum, { outcome }) => sum + (outcome.figures.dataAddedPackedBytes ?? 0), 0);
  const [server, storage] = processes.map(figuresOf);
  const lines = [
    ["all done after", `${wallSeconds.toFixed(1)} s`],
    ["read, of all hosts together", `${total.toFixed(1)} MB/s`],
    ["stored, of all hosts together", `${(stored / 1_000_000 / wallSeconds).toFixed(1)} MB/s`],
    [
      "first, median, 90 %, last host done after",
      [Math.min(...seconds), median, quantile(seconds, 0.9), last].map((s) => `${s.toFixed(1)} s`).join(", "),
    ],
    ["slowest to median", (last / median).toFixed(2)],
    ["Jain's index of the hosts' rates", jainsIndex(seconds.map((s) => megabytes / s)).toFixed(3)],
    ["storage server", `${storage?.peakMiB} MiB at its peak, ${storage?.cpuSeconds.toFixed(1)} s of processor`],
    ["control plane", `${server?.peakMiB} MiB at its peak, ${server?.cpuSeconds.toFixed(1)} s of processor`],
    ["errors, files not read, second tries", String(complaints.length)],
  ];
  return ["|  |  |", "| --- | --- |", ...lines.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}

try {
  makeSource();
  const agents = await seedAgents(join(stateDir, "mycloud.sqlite"), hostCount);
  const { url, storageUrl } = await startBoth();
  const api = createApi(url, readFileSync(join(stateDir, "operator-token"), "utf8").trim());
  const made = async (path: string, body: object) => {
    const { status, body: answer } = await api("POST", `/api/v1/${path}`, { body });
    if (status >= 300) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  };
  await made("storage-servers", { name: "local", url: storageUrl, isDefault: true });
  const selector = { labels: { bench: "yes" } };
  await made("backup-policies", { name: "fleet", selector, paths: [source], schedule: { splaySeconds: 0 } });
  const logger = createLogger({
    level: "warn",
    format: "text",
    write: (line) => void complaints.push(line.trim()),
    now: Date.now,
  });
  const hosts = await Promise.all(
    agents.map((agent, at) => {
      const name = `bench${String(at + 1).padStart(5, "0")}`;
      const directory = join(work, "hosts", name);
      return startFleetHost({ url, agent, name, directory, logger, signal: stopping.signal });
    }),
  );
  console.error(`${hosts.length} hosts begin`);
  const startedAt = performance.now();
  const secondsNow = () => (performance.now() - startedAt) / 1000;
  let count = 0;
  const endings = await Promise.all(
    hosts.map(async (host) => {
      const outcome = await host.backUp();
      const { phase, message, unreadableCount, errors, snapshots } = outcome;
      if (phase !== "done" || unreadableCount > 0 || errors.length > 0 || snapshots.length !== 1) {
        complaints.push(`${host.name}: ${phase} ${message} ${JSON.stringify(errors)}`);
      }
      if (++count % 10 === 0) console.error(`${count} done after ${secondsNow().toFixed(1)} s`);
      return { seconds: secondsNow(), outcome };
    }),
  );
  const wallSeconds = secondsNow();
  const runs = await api("GET", `/api/v1/backup-runs?perPage=1&filter=${encodeURIComponent('{"phase":"done"}')}`);
  if (runs.body.total !== hostCount)
    complaints.push(`the control plane knows of ${runs.body.total} runs that are done`);
  console.log(
    `${hostCount} hosts, ${megabytes} MB in ${fileCount} files each. ${machine}\n\n${report(endings, wallSeconds)}`,
  );
  for (const { stderr } of processes) if (stderr().trim() !== "") complaints.push(stderr().trim());
  for (const complaint of complaints.slice(0, 20)) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
} finally {
  stopping.abort();
  await Promise.all(processes.map((one) => one.stop()));
  rmSync(work, { recursive: true, force: true });
}
process.exit();
