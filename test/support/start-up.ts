import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Api, createApi } from "./api-client.ts";
import type { Cleanup } from "./cleanup.ts";
import { freePort } from "./free-port.ts";
import { type MycloudProcess, startMycloud } from "./mycloud-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { waitFor } from "./wait-for.ts";

export interface StartUpOptions {
  readonly stateDir?: string;
  readonly port?: number;
  /** Where its storage server listens; default off. */
  readonly storage?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A running `mycloud up`. */
export interface TestUp {
  readonly url: string;
  readonly port: number;
  readonly stateDir: string;
  readonly process: MycloudProcess;
  readonly api: Api;
}

/** Starts `bin/mycloud up` and waits until it says that it is running. It is stopped when the test ends. */
export async function startUp(cleanup: Cleanup, options: StartUpOptions = {}): Promise<TestUp> {
  const stateDir = options.stateDir ?? (await temporaryDirectory("up"));
  const port = options.port ?? (await freePort());
  const http = `127.0.0.1:${port}`;
  const args = ["up", "--state-dir", stateDir, "--http", http, "--storage", options.storage ?? "off"];
  // Tests run beside each other, and only one of them could have the port that is usual; without its own the others' agents would be told to read no logs.
  const [forward, syslog] = await Promise.all([freePort(), freePort()]);
  const ownPorts = { MYCLOUD_FORWARD: `127.0.0.1:${forward}`, MYCLOUD_SYSLOG: `127.0.0.1:${syslog}` };
  const env = { MYCLOUD_AGENT_METRICS: "off", MYCLOUD_DNS: "off", ...ownPorts, ...options.env };
  const started = startMycloud(args, { env });
  cleanup.after(async () => {
    await started.stop();
  });
  let hasEnded = false;
  void started.ended.then(() => {
    hasEnded = true;
  });
  // The first start of a fresh clone builds the console.
  await waitFor(() => hasEnded || started.stdout().includes("Ctrl-C stops it."), 180_000, "mycloud up");
  if (hasEnded) throw new Error(`mycloud up ended:\n${started.stderr()}${started.stdout()}`);
  const url = `http://127.0.0.1:${port}`;
  const token = (await readFile(join(stateDir, "operator-token"), "utf8")).trim();
  return { url, port, stateDir, process: started, api: createApi(url, token) };
}
