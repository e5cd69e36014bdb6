import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConnection } from "mariadb";
import { freePort } from "../support/free-port.ts";

const run = promisify(execFile);

/** A MariaDB server of this test run's own. */
export interface MariadbPeer {
  /** `mariadb://root:@127.0.0.1:port/mysql`. */
  readonly url: string;
  /** Ends the server and removes its files; does nothing when the server was started by somebody else. */
  stop(): Promise<void>;
  /** As a power cut would: SIGKILL, files kept. */
  kill(): Promise<void>;
}

/** True when the programs are installed. */
export function isMariadbInstalled(): boolean {
  // Who runs one for all tests has it, and it takes a tenth of a second to ask in each file.
  if (sharedMariadbUrl() !== undefined) return true;
  return spawnSync("mariadbd", ["--no-defaults", "--version"]).status === 0;
}

/** The address of a server that scripts/test.ts started for the whole run, if it did. */
export function sharedMariadbUrl(): string | undefined {
  return process.env.MYCLOUD_TEST_MARIADB_URL || undefined;
}

/**
 * Starts a private MariaDB in a temporary directory of `parentDirectory` on a free port of 127.0.0.1, durable as in production
 * (innodb_flush_log_at_trx_commit=1), or answers the shared one. Rejects with the end of the server's log when it does not come up.
 */
export async function startMariadb({
  isPrivate = false,
  extraArguments = [] as readonly string[],
  parentDirectory = tmpdir(),
} = {}): Promise<MariadbPeer> {
  const shared = sharedMariadbUrl();
  if (shared !== undefined && !isPrivate) return { url: shared, stop: async () => {}, kill: async () => {} };
  const directory = await mkdtemp(join(parentDirectory, "mycloud-mariadb-"));
  // mariadb-install-db runs helpers as the server's user.
  await chmod(directory, 0o755);
  const data = join(directory, "data");
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  await run("mariadb-install-db", [
    "--no-defaults",
    `--datadir=${data}`,
    ...user,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ]);
  const log = join(directory, "error.log");
  const port = await freePort();
  const server = spawn(
    "mariadbd",
    [
      "--no-defaults",
      ...user,
      `--datadir=${data}`,
      // A server that starts deletes the temporary tables it finds in its directory: those of others, were it shared.
      `--tmpdir=${directory}`,
      `--socket=${join(directory, "s.sock")}`,
      `--pid-file=${join(directory, "pid")}`,
      `--log-error=${log}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      "--innodb-flush-log-at-trx-commit=1",
      "--innodb-buffer-pool-size=256M",
      "--innodb-log-file-size=256M",
      "--max-connections=200",
      ...extraArguments,
    ],
    { stdio: "ignore" },
  );
  const url = `mariadb://root:@127.0.0.1:${port}/mysql`;
  const stop = async (): Promise<void> => {
    await end(server, "SIGTERM");
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await waitUntilAnswering(port, server);
  } catch (error) {
    const tail = (await readFile(log, "utf8").catch(() => "")).split("\n").slice(-15).join("\n");
    await stop();
    throw new Error(`mariadbd did not come up:\n${tail}`, { cause: error });
  }
  return { url, stop, kill: () => end(server, "SIGKILL") };
}

/** Makes an empty database of that name on a peer, and answers its URL. */
export async function createDatabase(peerUrl: string, name: string): Promise<string> {
  const connection = await createConnection(peerUrl);
  try {
    await connection.query(`create database \`${name}\``);
  } finally {
    await connection.end();
  }
  const url = new URL(peerUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function dropDatabase(peerUrl: string, name: string): Promise<void> {
  const connection = await createConnection(peerUrl);
  try {
    await connection.query(`drop database if exists \`${name}\``);
  } finally {
    await connection.end();
  }
}

async function waitUntilAnswering(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const connection = await createConnection({ host: "127.0.0.1", port, user: "root", connectTimeout: 1000 });
      await connection.end();
      return;
    } catch (error) {
      if (attempt > 900 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill(signal);
  await exited;
}
