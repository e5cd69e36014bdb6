import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Cleanup } from "../support/cleanup.ts";
import { freePort } from "../support/free-port.ts";
import { waitFor } from "../support/wait-for.ts";

export const NODE_EXPORTER_PROGRAM = "/usr/bin/prometheus-node-exporter";

/** Debian's node_exporter with the collectors that it leaves out and we do not, ready to be asked; gives its address and process. */
export async function startNodeExporter(cleanup: Cleanup): Promise<{ readonly url: string; readonly pid: number }> {
  const port = await freePort();
  const more = ["processes", "tcpstat", "interrupts"].map((name) => `--collector.${name}`);
  const child = spawn(NODE_EXPORTER_PROGRAM, [`--web.listen-address=127.0.0.1:${port}`, ...more], { stdio: "ignore" });
  cleanup.after(async () => {
    if (child.exitCode === null && child.kill()) await once(child, "exit");
  });
  const url = `http://127.0.0.1:${port}/metrics`;
  await waitFor(async () => (await fetch(url)).ok, 20_000, "node_exporter");
  return { url, pid: child.pid ?? 0 };
}
