import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface ClickHouseServer {
  readonly origin: string;
  readonly user: string;
  readonly password: string;
  /** As `kill -9`; `start` brings it back with what it has. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A ClickHouse of its own, in a directory of its own, on 127.0.0.1. */
export async function startClickHouse(): Promise<ClickHouseServer> {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-clickhouse-"));
  const [http, tcp, interserver] = await freePorts();
  const user = "logs";
  const password = "for-tests-only";
  await writeFile(join(directory, "config.xml"), configuration(directory, http, tcp, interserver));
  await writeFile(join(directory, "users.xml"), users(user, password));
  const origin = `http://127.0.0.1:${http}`;
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const started = spawn("clickhouse-server", [`--config-file=${join(directory, "config.xml")}`], {
      stdio: "ignore",
      cwd: directory,
    });
    server = started;
    const failed = once(started, "error").then(([error]) => {
      throw error;
    });
    failed.catch(() => undefined);
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (started.exitCode !== null) throw new Error(`clickhouse-server ended with ${started.exitCode}`);
      const isReady = await Promise.race([isAnswering(origin), failed]);
      if (isReady) return;
      await sleep(50);
    }
    throw new Error("clickhouse-server does not answer");
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, "exit");
    server.kill(signal);
    await exit;
  }

  await start();
  return {
    origin,
    user,
    password,
    start,
    kill: async () => await end("SIGKILL"),
    async stop() {
      await end("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function isAnswering(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/ping`)).ok;
  } catch {
    return false;
  }
}

async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const;
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    }),
  );
  await Promise.all(servers.map(async (server) => await new Promise((resolve) => server.close(resolve))));
  const [one = 0, two = 0, three = 0] = ports;
  return [one, two, three];
}

function configuration(directory: string, http: number, tcp: number, interserver: number): string {
  return `<yandex>
  <logger><level>error</level><log>${directory}/log</log><errorlog>${directory}/errors</errorlog></logger>
  <http_port>${http}</http_port>
  <tcp_port>${tcp}</tcp_port>
  <interserver_http_port>${interserver}</interserver_http_port>
  <listen_host>127.0.0.1</listen_host>
  <path>${directory}/data/</path>
  <tmp_path>${directory}/temporary/</tmp_path>
  <user_files_path>${directory}/files/</user_files_path>
  <users_config>${directory}/users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <mark_cache_size>67108864</mark_cache_size>
</yandex>
`;
}

function users(user: string, password: string): string {
  return `<yandex>
  <profiles><default><max_memory_usage>2000000000</max_memory_usage><max_threads>1</max_threads></default></profiles>
  <users>
    <${user}>
      <password>${password}</password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </${user}>
  </users>
  <quotas><default/></quotas>
</yandex>
`;
}
