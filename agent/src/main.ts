// The `mycloud` command. The only file of this workspace that ends the process.
import { homedir } from "node:os";
import { onHangUp } from "./command-line/hang-up.ts";
import { programVersion, rootDirectory, type Terminal } from "./command-line/index.ts";
import { runCommandLine } from "./command-line/run-command-line.ts";
import { commandEntries } from "./commands/index.ts";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interruption.abort());
onHangUp(() => interruption.abort());
// A reader that went away (`mycloud host list | head`) is no reason for a stack trace.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const terminal: Terminal = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  environment: process.env,
  // npm runs scripts in the package's directory and keeps here where the person stood.
  workingDirectory: process.cwd() === rootDirectory ? process.env.INIT_CWD || rootDirectory : process.cwd(),
  homeDirectory: homedir(),
  now: Date.now,
  signal: interruption.signal,
};
process.exit(await runCommandLine(process.argv.slice(2), terminal, commandEntries, programVersion()));
