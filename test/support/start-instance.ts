import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Api } from "./api-client.ts";
import type { Cleanup } from "./cleanup.ts";
import { freePort } from "./free-port.ts";
import { type Ended, type MycloudProcess, runMycloud } from "./mycloud-process.ts";
import { descendantsOf, listProcesses } from "./process-tree.ts";
import { startUp } from "./start-up.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { waitFor } from "./wait-for.ts";

export interface StartInstanceOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: a fresh temporary one. */
  readonly stateDir?: string;
}

/** `mycloud up` over a longer life: it can be asked, commanded, wounded, stopped and started again. */
export interface TestInstance {
  readonly url: string;
  readonly stateDir: string;
  readonly operatorToken: string;
  readonly adminPassword: string;
  readonly api: Api;
  process(): MycloudProcess;
  /** The pid of the control plane or of the agent that runs now; waits for one while it is being restarted. */
  pidOf(role: "server" | "agent"): Promise<number>;
  /** Runs a command against it, as a person at this machine would. */
  command(...args: readonly string[]): Promise<Ended & { stdout: string; stderr: string }>;
  stop(): Promise<Ended>;
  /** Starts it again after `stop`, on the same address and state. */
  start(): Promise<void>;
}

const scripts = { server: "control-plane/src/main.ts server", agent: "agent/src/main.ts agent run" };

/** Starts `bin/mycloud up` on a free port with a state directory of its own, and waits until it runs. It is stopped when the test ends. */
export async function startInstance(cleanup: Cleanup, options: StartInstanceOptions = {}): Promise<TestInstance> {
  const { env = {}, stateDir = await temporaryDirectory("up") } = options;
  const port = await freePort();
  const first = await startUp(cleanup, { stateDir, port, env });
  let running = first.process;
  const readSecret = async (name: string) => (await readFile(join(stateDir, name), "utf8")).trim();
  return {
    url: first.url,
    stateDir,
    operatorToken: await readSecret("operator-token"),
    adminPassword: await readSecret("admin-password"),
    api: first.api,
    process: () => running,
    pidOf: (role) =>
      waitFor(
        () => {
          const processes = listProcesses();
          const ours = new Set(descendantsOf(running.pid, processes));
          return processes.find(({ pid, command }) => ours.has(pid) && command.includes(scripts[role]))?.pid;
        },
        45_000,
        `the ${role} to run`,
      ),
    command: (...args) => runMycloud([...args, "--state-dir", stateDir]),
    stop: () => running.stop(),
    start: async () => {
      running = (await startUp(cleanup, { stateDir, port, env })).process;
    },
  };
}
