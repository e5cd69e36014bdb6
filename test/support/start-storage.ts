import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cleanup } from "./cleanup.ts";
import { freePort } from "./free-port.ts";
import { type MycloudOptions, type MycloudProcess, runMycloud, startMycloud } from "./mycloud-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { waitFor } from "./wait-for.ts";

/** A `mycloud storage` on a fixed port and directory, that can be killed and started again. */
export interface TestStorage {
  readonly stateDirectory: string;
  readonly port: number;
  readonly url: string;
  process(): MycloudProcess;
  /** Starts it again on the same port and directory. */
  start(env?: MycloudOptions["env"]): Promise<void>;
  /** Sets a user's password, which is the user's name; returns the repository as restic names it, for this user. */
  user(repository: string, user: string, verbs: string): Promise<string>;
}

export interface StartStorageOptions {
  readonly stateDirectory?: string;
  readonly env?: MycloudOptions["env"];
  readonly args?: readonly string[];
}

/** Starts a storage server and waits until it listens; it ends with the test. */
export async function startStorage(cleanup: Cleanup, options: StartStorageOptions = {}): Promise<TestStorage> {
  const stateDirectory = options.stateDirectory ?? (await temporaryDirectory("storage"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ["storage", "serve", "--listen", `127.0.0.1:${port}`, "--state-dir", stateDirectory];
  let running: MycloudProcess;

  async function start(env: MycloudOptions["env"] = {}): Promise<void> {
    const started = startMycloud([...args, ...(options.args ?? [])], { env });
    running = started;
    let hasEnded = false;
    void started.ended.then(() => {
      hasEnded = true;
    });
    await waitFor(
      () => {
        if (hasEnded) return true;
        return started.stderr().includes("the storage server listens");
      },
      20_000,
      "the storage server",
    );
    // A planned fault may end it at the very start, which is for the test to notice.
    if (hasEnded && env.MYCLOUD_FAULT_POINT === undefined) throw new Error(`it ended: ${started.stderr()}`);
  }

  await start(options.env);
  cleanup.after(async () => {
    await running.stop();
  });
  return {
    stateDirectory,
    port,
    url,
    process: () => running,
    start,
    async user(repository, user, verbs) {
      const file = join(await temporaryDirectory("password"), "password");
      await writeFile(file, user);
      const set = ["storage", "password", "set", repository, user, "--verb", verbs, "--password-file", file];
      const { code, stderr } = await runMycloud([...set, "--state-dir", stateDirectory]);
      if (code !== 0) throw new Error(`no password was set: ${stderr}`);
      return `rest:http://${user}:${user}@127.0.0.1:${port}/${repository}/`;
    },
  };
}
