import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const alertmanagerProgram = "/usr/bin/prometheus-alertmanager";

/** An alert as Alertmanager's API lists it. */
export interface ListedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** A private Prometheus Alertmanager that tells nobody. */
export interface AlertmanagerPeer {
  readonly url: string;
  /** The alerts that fire now. */
  alerts(): Promise<ListedAlert[]>;
  stop(): Promise<void>;
}

/** Starts Debian's Alertmanager on the loopback, without a cluster. */
export async function startAlertmanager(port: number): Promise<AlertmanagerPeer> {
  const directory = await mkdtemp(path.join(tmpdir(), "alertmanager-peer-"));
  const configuration = path.join(directory, "alertmanager.yml");
  await writeFile(configuration, "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n");
  const child = spawn(
    alertmanagerProgram,
    [
      `--config.file=${configuration}`,
      `--storage.path=${directory}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    { stdio: "ignore" },
  );
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const alerts = async () => {
    const answer = await fetch(`${url}/api/v2/alerts`);
    if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}`);
    const listed: ListedAlert[] = JSON.parse(await answer.text());
    return listed;
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await alerts();
      break;
    } catch (error) {
      if (attempt === 1_200 || child.exitCode !== null) throw error;
      await sleep(50);
    }
  }
  return {
    url,
    alerts,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
