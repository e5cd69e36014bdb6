import { fork } from "node:child_process";
import { killAtExit } from "./at-exit.ts";

/** A process that disturbs what is tested until it is stopped. */
export interface DisturbingProcess {
  /** Kills it; resolves to the last count it sent. */
  stop(): Promise<number>;
}

/** Starts a program of ours, optionally as another user; resolves when it has begun, which it tells by sending a count. */
export async function startDisturbing(
  program: string,
  args: readonly string[],
  identity: { readonly uid?: number; readonly gid?: number } = {},
): Promise<DisturbingProcess> {
  const child = fork(program, args, { execPath: process.execPath, ...identity });
  const letLive = killAtExit(child);
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
    child.on("message", (message) => {
      count = Number(message);
      resolve();
    });
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners("exit").once("exit", () => {
          letLive();
          resolve(count);
        });
        child.kill("SIGKILL");
      }),
  };
}
