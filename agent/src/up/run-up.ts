import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createApiClient } from "../client/index.ts";
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
import { buildConsole, consoleState } from "./console-build/index.ts";
import { enrolThisHost } from "./enrol-this-host.ts";
import { keepRunning } from "./keep-running.ts";
import { checkListenAddress } from "./listen-address.ts";
import { formatLogLine } from "./log-line.ts";
import { prepareStateDirectory } from "./prepare-state-directory.ts";
import { type RoleContext, startAgentRole, startServerRole } from "./roles.ts";
import { stopTethered, type TetheredProcess } from "./tethered-process.ts";
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
  await ensureConsole(terminal);

  const context: RoleContext = { settings, environment: terminal.environment };
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
  let agentArguments: string[];
  try {
    const url = await waitUntilReady(firstServer, settings.stateDir, () => lastWords, readyTimeoutMs, terminal.signal);
    const token = (await readFile(join(settings.stateDir, "operator-token"), "utf8")).trim();
    const client = createApiClient({ url, token, source: settings.stateDir });
    const enrolmentRemark = await enrolThisHost(context, client, url);
    isStarting = false;
    agentArguments = ["run", "--state-dir", settings.stateDir, "--server", url];
    const welcome = await gatherWelcome(client, url, settings.stateDir, terminal.workingDirectory, hadPassword);
    await write(terminal.stdout, formatWelcome(welcome, paintFor(terminal)));
    if (enrolmentRemark !== undefined) await remark(terminal, enrolmentRemark);
  } catch (error) {
    await stopTethered(firstServer, serverGraceMs);
    if (terminal.signal.aborted) return;
    throw error;
  }
  await superviseBoth(terminal, context, firstServer, startServer, agentArguments, paint);
}

/** Keeps server and agent running. The agent is stopped first, so that it can still hand over its last results. */
async function superviseBoth(
  terminal: Terminal,
  context: RoleContext,
  firstServer: TetheredProcess,
  startServer: () => TetheredProcess,
  agentArguments: readonly string[],
  paint: Paint,
): Promise<void> {
  const showAgent = lineWriter(terminal, "agent", "magenta", context.settings.isRaw, paint);
  const stopServer = new AbortController();
  const clock = { now: () => performance.now(), random: Math.random };
  const onRestart = (role: string) => (message: string) => void remark(terminal, `mycloud up: the ${role} ${message}`);
  const server = keepRunning({
    ...clock,
    start: startServer,
    first: firstServer,
    onRestart: onRestart("control plane"),
    graceMs: serverGraceMs,
    signal: stopServer.signal,
  });
  const agent = keepRunning({
    ...clock,
    start: () => startAgentRole(context, agentArguments, {}, showAgent),
    onRestart: onRestart("agent"),
    graceMs: agentGraceMs,
    signal: terminal.signal,
  });
  await agent;
  stopServer.abort();
  await server;
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
