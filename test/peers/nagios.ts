import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FakeClock } from "./fake-clock.ts";
import { type NagiosObject, nagiosMainConfig, nagiosObjects } from "./nagios-config.ts";
import {
  type NagiosAlert,
  type NagiosComment,
  type NagiosStatus,
  parseNagiosComments,
  parseNagiosLog,
  parseNagiosStatus,
} from "./nagios-files.ts";

export const NAGIOS_PROGRAM = "/usr/sbin/nagios4";

/** A private nagios4 with passive checks only: no active checks, no notifications, no state from an earlier run. */
export interface Nagios {
  /** Where its files are: nagios.cfg, objects.cfg, nagios.log and what its commands write. */
  readonly directory: string;
  /** Path of its status.dat. */
  readonly statusFile: string;
  /** Its external command file, a FIFO. */
  readonly commandFile: string;
  /** Writes external commands, one a line and without their time, to its command pipe; they are handled in this order. */
  submit(commands: readonly string[]): Promise<void>;
  /** Waits until everything submitted so far has been worked off and answers the whole log; with a fake clock, too. */
  settleLog(timeoutSeconds?: number): Promise<string>;
  /**
   * Waits until everything submitted so far is in its log and in its status file, and returns both; `log` is the whole log.
   * Rejects after `timeoutSeconds`.
   */
  settle(
    timeoutSeconds?: number,
  ): Promise<{ alerts: NagiosAlert[]; status: NagiosStatus[]; comments: NagiosComment[]; log: string }>;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
}

const MARKER = "settle-marker";
/** Shows how far nagios has come; with a service, without which it would not start. */
const MARKERS: readonly NagiosObject[] = [
  { kind: "host", name: MARKER, maxCheckAttempts: 1 },
  { kind: "service", host: MARKER, name: MARKER, maxCheckAttempts: 1 },
];

/**
 * Starts Debian's nagios4 in a directory of its own, as whoever runs the test: no nagios user and no root is needed.
 * `settings` are lines of nagios.cfg that replace the ones chosen here; `moreObjects` is added to the object file as it is (`DIRECTORY` in it is its
 * directory). With `clock` it lives by that one.
 */
export async function startNagios(
  objects: readonly NagiosObject[],
  settings: Readonly<Record<string, string | number>> = {},
  moreObjects = "",
  clock?: FakeClock,
): Promise<Nagios> {
  const directory = await mkdtemp(path.join(tmpdir(), "nagios-peer-"));
  const file = (name: string) => path.join(directory, name);
  await mkdir(file("checkresults"));
  await writeFile(
    file("objects.cfg"),
    nagiosObjects([...objects, ...MARKERS], moreObjects.replaceAll("DIRECTORY", directory)),
  );
  await writeFile(file("nagios.cfg"), nagiosMainConfig(directory, settings));

  const nagios = spawn(NAGIOS_PROGRAM, [file("nagios.cfg")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...clock?.environment },
  });
  let output = "";
  for (const stream of [nagios.stdout, nagios.stderr]) stream.on("data", (chunk) => (output += chunk));
  const stop = async () => {
    await end(nagios);
    await rm(directory, { recursive: true, force: true });
  };
  const isReady = async () => {
    if (nagios.exitCode !== null) throw new Error(`nagios4 ended with exit code ${nagios.exitCode}:\n${output}`);
    return (await exists(file("nagios.cmd"))) && (await read(file("status.dat"))).includes(MARKER);
  };
  try {
    await waitUntil(isReady, 90, "nagios4 did not open its command pipe");
  } catch (error) {
    await stop();
    throw error;
  }

  const submit = async (commands: readonly string[]) => {
    const now = Math.floor((clock?.nowMs() ?? Date.now()) / 1000);
    await appendFile(file("nagios.cmd"), commands.map((command) => `[${now}] ${command}\n`).join(""));
  };
  let settled = 0;
  return {
    directory,
    statusFile: file("status.dat"),
    commandFile: file("nagios.cmd"),
    submit,
    async settleLog(timeoutSeconds = 60) {
      settled += 1;
      await submit([`PROCESS_HOST_CHECK_RESULT;${MARKER};${settled % 2};settled ${settled}`]);
      let log = "";
      const isSettled = async () => {
        log = await read(file("nagios.log"));
        return log.includes(`settled ${settled}\n`);
      };
      await waitUntil(isSettled, timeoutSeconds, "nagios4 did not work off its command pipe", 2);
      return log;
    },
    async settle(timeoutSeconds = 60) {
      settled += 1;
      // The pipe is first in, first out: once this last result is in the status file, so is all before it.
      await submit([`PROCESS_HOST_CHECK_RESULT;${MARKER};${settled % 2};settled ${settled}`]);
      const seen = `plugin_output=settled ${settled}\n`;
      const isSettled = async () => (await read(file("status.dat"))).includes(seen);
      await waitUntil(isSettled, timeoutSeconds, "nagios4 did not work off its command pipe");
      const isOurs = ({ host }: { host: string }) => host !== MARKER;
      return {
        alerts: parseNagiosLog(await read(file("nagios.log"))).filter(isOurs),
        status: parseNagiosStatus(await read(file("status.dat"))).filter(isOurs),
        comments: parseNagiosComments(await read(file("status.dat"))).filter(isOurs),
        log: await read(file("nagios.log")),
      };
    },
    stop,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await exited;
  clearTimeout(killer);
}

async function waitUntil(
  isTrue: () => Promise<boolean>,
  timeoutSeconds: number,
  failure: string,
  lookEveryMs = 50,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`${failure} within ${timeoutSeconds} s`);
    await sleep(lookEveryMs);
  }
}

/** The text of a file that nagios may be about to write or to replace. */
function read(name: string): Promise<string> {
  return readFile(name, "utf8").catch(() => "");
}

function exists(name: string): Promise<boolean> {
  return stat(name).then(
    (found) => found.isFIFO(),
    () => false,
  );
}
