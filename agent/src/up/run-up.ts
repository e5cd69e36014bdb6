import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient, createApiClient } from "../client/index.ts";
import {
  CommandError,
  type Paint,
  paintFor,
  remark,
  rootDirectory,
  type Style,
  type Terminal,
  write,
} from "../command-line/index.ts";
import { agentMetricsAddress } from "./agent-metrics-address.ts";
import { buildConsole, consoleState } from "./console-build/index.ts";
import { enrolThisHost } from "./enrol-this-host.ts";
import { keepRunning } from "./keep-running.ts";
import { checkListenAddress, type ListenAddress } from "./listen-address.ts";
import { formatLogLine } from "./log-line.ts";
import { prepareStateDirectory } from "./prepare-state-directory.ts";
import { type RoleContext, startAgentRole, startServerRole } from "./roles.ts";
import { nameServerAddress, type StartedNameServer, startNameServer } from "./start-name-server.ts";
import { type StartedStorage, startStorage, storageAddress } from "./start-storage.ts";
import { stopTethered, type TetheredProcess } from "./tethered-process.ts";
import { announceStorage, keepStorageKeys } from "./trust-control-plane.ts";
import type { UpSettings } from "./up-settings.ts";
import { waitUntilReady } from "./wait-until-ready.ts";
import { formatWelcome, gatherWelcome } from "./welcome.ts";

/** Together below the 5 seconds in which everything has to be gone. */
const agentGraceMs = 2000;
const serverGraceMs = 2300;
/** Migrations of a large database take their time. */
const readyTimeoutMs = 120_000;

/** Starts everything, and keeps it running until the terminal's signal; then stops everything. Throws CommandError when it cannot start. */
export async function runUp(terminal: Terminal, settings: UpSettings): Promise<void> {
  await prepareStateDirectory(settings.stateDir);
  await checkListenAddress(settings.http);
  const listen = await storageAddress(terminal, settings);
  const dnsListen = await nameServerAddress(terminal, settings);
  // Said now, and not by an agent that ends again and again.
  if (settings.nrpe !== null) await checkListenAddress(settings.nrpe, "--nrpe");
  const agentMetrics = await agentMetricsAddress(terminal, settings);
  await ensureConsole(terminal);

  const context: RoleContext = { settings: { ...settings, agentMetrics }, environment: terminal.environment };
  const paint = paintFor({ ...terminal, stdout: terminal.stderr });
  const hadPassword = existsSync(join(settings.stateDir, "admin-password"));
  let lastWords: string | undefined;
  let isStarting = true;
  const showServer = lineWriter(terminal, "server", "cyan", settings.isRaw, paint);
  const onServerLine = (line: string) => {
    // While it starts, its complaint becomes ours: one line at the end, not two.
    const complaint = /^mycloud(?: server)?: (.+)$/.exec(line)?.[1];
    if (isStarting && complaint !== undefined) lastWords ??= complaint;
    else showServer(line);
  };
  const startServer = () => startServerRole(context, onServerLine);

  const firstServer = startServer();
  const showStorage = lineWriter(terminal, "storage", "green", settings.isRaw, paint);
  let agentArguments: string[];
  let startingStorage: Promise<StartedStorage> | null = null;
  let storage: StartedStorage | null = null;
  const showNameServer = lineWriter(terminal, "dns", "yellow", settings.isRaw, paint);
  let startingNameServer: Promise<StartedNameServer> | null = null;
  let nameServer: StartedNameServer | null = null;
  try {
    const url = await waitUntilReady(firstServer, settings.stateDir, () => lastWords, readyTimeoutMs, terminal.signal);
    const token = (await readFile(join(settings.stateDir, "operator-token"), "utf8")).trim();
    const client = createApiClient({ url, token, source: settings.stateDir });
    // After the control plane, whose tokens it is to take from its first request on.
    const starting = listen === null ? null : startTrusting(context, client, listen, showStorage, terminal.signal);
    // Awaited below; until then its failure must not count as unhandled.
    starting?.catch(() => undefined);
    startingStorage = starting;
    if (dnsListen !== null) {
      startingNameServer = startNameServer(context, client, url, dnsListen, showNameServer, terminal.signal);
      startingNameServer.catch(() => undefined);
    }
    const enrolmentRemark = await enrolThisHost(context, client, url);
    storage = await starting;
    if (storage !== null) await announceStorage(client, storage.url);
    nameServer = await orWithout(startingNameServer, terminal, settings);
    isStarting = false;
    agentArguments = ["run", "--state-dir", settings.stateDir, "--server", url];
    const facts = { hadPassword, storageUrl: storage?.url ?? null };
    const welcome = await gatherWelcome(client, url, settings.stateDir, terminal.workingDirectory, facts);
    await write(terminal.stdout, formatWelcome(welcome, paintFor(terminal)));
    if (enrolmentRemark !== undefined) await remark(terminal, enrolmentRemark);
  } catch (error) {
    const started = await Promise.all([startingStorage?.catch(() => null), startingNameServer?.catch(() => null)]);
    await Promise.all([
      stopTethered(firstServer, serverGraceMs),
      ...started.map((each) => (each ? stopTethered(each.process, agentGraceMs) : undefined)),
    ]);
    if (terminal.signal.aborted) return;
    throw error;
  }
  const kept = [
    { role: "control plane", first: firstServer, start: startServer, graceMs: serverGraceMs },
    ...(storage === null
      ? []
      : [{ role: "storage server", first: storage.process, start: storage.start, graceMs: agentGraceMs }]),
    ...(nameServer === null
      ? []
      : [{ role: "name server", first: nameServer.process, start: nameServer.start, graceMs: agentGraceMs }]),
  ];
  await superviseAll(terminal, context, kept, agentArguments, paint);
}

/** The name server, or null where it cannot start and nobody asked for its address: that is said, and everything else runs. */
async function orWithout(
  starting: Promise<StartedNameServer> | null,
  terminal: Terminal,
  { isDnsAsked }: UpSettings,
): Promise<StartedNameServer | null> {
  try {
    return await starting;
  } catch (error) {
    if (isDnsAsked || terminal.signal.aborted || !(error instanceof CommandError)) throw error;
    await remark(terminal, `mycloud up: ${error.message}; --dns HOST:PORT chooses another address`);
    return null;
  }
}

/** Starts the storage server with the control plane's keys. */
async function startTrusting(
  context: RoleContext,
  client: ApiClient,
  listen: ListenAddress,
  show: (line: string) => void,
  signal: AbortSignal,
): Promise<StartedStorage> {
  await keepStorageKeys(context, client);
  return await startStorage(context, listen, show, signal);
}

/** A role that runs already. */
interface StartedRole {
  readonly role: string;
  readonly first: TetheredProcess;
  readonly start: () => TetheredProcess;
  readonly graceMs: number;
}

/** Keeps everything running. The agent is stopped first, so that it can still hand over its last results. */
async function superviseAll(
  terminal: Terminal,
  context: RoleContext,
  started: readonly StartedRole[],
  agentArguments: readonly string[],
  paint: Paint,
): Promise<void> {
  const showAgent = lineWriter(terminal, "agent", "magenta", context.settings.isRaw, paint);
  const stopOthers = new AbortController();
  const clock = { now: () => performance.now(), random: Math.random };
  const onRestart = (role: string) => (message: string) => void remark(terminal, `mycloud up: the ${role} ${message}`);
  const others = started.map(({ role, ...child }) =>
    keepRunning({ ...clock, ...child, onRestart: onRestart(role), signal: stopOthers.signal }),
  );
  const agent = keepRunning({
    ...clock,
    start: () => startAgentRole(context, agentArguments, {}, showAgent),
    onRestart: onRestart("agent"),
    graceMs: agentGraceMs,
    signal: terminal.signal,
  });
  await agent;
  stopOthers.abort();
  await Promise.all(others);
}

async function ensureConsole(terminal: Terminal): Promise<void> {
  const { state, hash } = await consoleState(rootDirectory);
  if (state === "missing-without-sources") {
    throw new CommandError(
      "configuration",
      `the console is missing: ${join(rootDirectory, "admin-ui/dist")}; install MyCloud again`,
    );
  }
  if (state === "current" || hash === undefined) return;
  await remark(terminal, "mycloud up: building the console (first start, or its sources changed) ...");
  await buildConsole(rootDirectory, hash, terminal.environment, terminal.signal);
}

/** Writes a child's lines to stderr, readable and with its name in front, or raw. */
function lineWriter(
  terminal: Terminal,
  role: string,
  style: Style,
  isRaw: boolean,
  paint: Paint,
): (line: string) => void {
  const prefix = paint(style, `${role.padEnd(6)} |`);
  return (line) => {
    terminal.stderr.write(isRaw ? `${line}\n` : `${prefix} ${formatLogLine(line, paint)}\n`);
  };
}
