import { fork } from "node:child_process";

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
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
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
          process.off("exit", killAtExit);
          resolve(count);
        });
        child.kill("SIGKILL");
      }),
  };
}
