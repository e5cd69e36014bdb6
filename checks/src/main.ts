// `mycloud check NAME ...`: one built-in check as a stand-alone Nagios plugin. The only file here that ends the process.
import { writeSync } from "node:fs";
import { checkCommand } from "./command/check-command.ts";

const [, ...argv] = process.argv.slice(2);
const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => controller.abort());
const { exitCode, stdout } = await checkCommand(argv, {
  signal: controller.signal,
  now: Date.now,
  procRoot: "/proc",
  sysRoot: "/sys",
  memory: new Map(),
});
writeAll(stdout);
// Not left to the event loop: a name lookup that nobody waits for any more must not hold the process.
process.exit(exitCode);

/** Writes to standard output before returning; a reader that went away is no reason for a stack trace. */
function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code !== "EAGAIN") return;
    }
  }
}
