import { join } from "node:path";
import type { Cleanup } from "./cleanup.ts";
import { freePort } from "./free-port.ts";
import { type Ended, type MycloudOptions, type MycloudProcess, startMycloud } from "./mycloud-process.ts";
import { descendantsOf } from "./process-tree.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { waitFor } from "./wait-for.ts";

/** A `mycloud dns serve` on a fixed port and directory, that can be killed and started again. */
export interface TestNameServer {
  readonly stateDirectory: string;
  readonly port: number;
  process(): MycloudProcess;
  /** The pids of what answers. */
  workers(): number[];
  /** Starts it again on the same port and directory. */
  start(): Promise<void>;
  /** Kills supervisor and workers at once, and waits until they are gone. */
  kill(): Promise<Ended>;
}

export interface StartNameServerOptions {
  /** `--zone-file`, `--server` and the like. */
  readonly args: readonly string[];
  readonly stateDirectory?: string;
  readonly env?: MycloudOptions["env"];
}

/** Starts a name server and waits until it answers; it ends with the test. */
export async function startNameServer(cleanup: Cleanup, options: StartNameServerOptions): Promise<TestNameServer> {
  const stateDirectory = options.stateDirectory ?? join(await temporaryDirectory("dns"), "state");
  const port = await freePort();
  const args = ["dns", "serve", "--listen", `127.0.0.1:${port}`, "--state-dir", stateDirectory, ...options.args];
  let running: MycloudProcess;
  async function start(): Promise<void> {
    const started = startMycloud(args, { env: options.env ?? {} });
    running = started;
    let hasEnded = false;
    void started.ended.then(() => {
      hasEnded = true;
    });
    await waitFor(() => hasEnded || started.stderr().includes("the name server answers"), 60_000, "the name server");
    if (hasEnded) throw new Error(`it ended: ${started.stderr()}`);
  }
  await start();
  cleanup.after(async () => {
    await running.stop();
  });
  return {
    stateDirectory,
    port,
    process: () => running,
    workers: () => descendantsOf(running.pid),
    start,
    async kill() {
      running.kill("SIGKILL");
      return await running.ended;
    },
  };
}
