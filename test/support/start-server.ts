import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Api, createApi } from "./api-client.ts";
import type { Cleanup } from "./cleanup.ts";
import { freePort } from "./free-port.ts";
import { type Ended, type MycloudProcess, startMycloud } from "./mycloud-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { waitFor } from "./wait-for.ts";

export interface StartServerOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: a temporary directory that goes away with the test. */
  readonly stateDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  readonly args?: readonly string[];
}

/** A control plane under test. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly stateDir: string;
  /** The administrator's scope-rich token for this machine (`<stateDir>/operator-token`). */
  readonly operatorToken: string;
  readonly api: Api;
  /** The process that runs now; another one after `start`. */
  process(): MycloudProcess;
  /** Kills it (SIGKILL unless told otherwise) and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<Ended>;
  /** Starts it again on the same port and state after `kill` or `stop`, and waits until it is ready. */
  start(): Promise<void>;
  /** Ends it as an administrator would (SIGTERM). */
  stop(): Promise<Ended>;
}

/** It takes 2 s of processor, and a minute on a machine that has sixteen other things to do. */
const startWithinMs = 120_000;

/** Starts `bin/mycloud server` and waits until /readyz answers 200. It is stopped when the test ends. */
export async function startServer(cleanup: Cleanup, options: StartServerOptions = {}): Promise<TestServer> {
  const stateDir = options.stateDir ?? (await temporaryDirectory("server"));
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const env = { MYCLOUD_STATE_DIR: stateDir, MYCLOUD_HTTP: `127.0.0.1:${port}`, ...options.env };
  let running: MycloudProcess | undefined;

  const current = () => {
    if (running === undefined) throw new Error("the server was not started");
    return running;
  };
  const start = async () => {
    const started = startMycloud(["server", ...(options.args ?? [])], { env });
    running = started;
    let hasEnded = false;
    void started.ended.then(() => {
      hasEnded = true;
    });
    const isReady = await waitFor(
      async () => hasEnded || (await fetch(`${url}/readyz`)).status === 200,
      startWithinMs,
      `the server at ${url}`,
    ).catch((error: unknown) => {
      throw new Error(`the server did not become ready:\n${started.stderr()}${started.stdout()}`, { cause: error });
    });
    if (hasEnded || !isReady) throw new Error(`the server ended:\n${started.stderr()}${started.stdout()}`);
  };
  const stop = () => current().stop();

  cleanup.after(async () => {
    if (running !== undefined) await running.stop();
  });
  await start();
  const operatorToken = (await readFile(join(stateDir, "operator-token"), "utf8")).trim();
  return {
    url,
    port,
    stateDir,
    operatorToken,
    api: createApi(url, operatorToken),
    process: current,
    kill: (signal = "SIGKILL") => {
      current().kill(signal);
      return current().ended;
    },
    start,
    stop,
  };
}
