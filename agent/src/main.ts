// The `mycloud` command. The only file of this workspace that ends the process.
import { homedir } from "node:os";
import { rootDirectory } from "./command-line/root-directory.ts";
import type { Home } from "./command-line/run-command-line.ts";
import type { Terminal } from "./command-line/terminal.ts";

const words = process.argv.slice(2);
// npm runs scripts in the package's directory and keeps here where the person stood.
const workingDirectory = process.cwd() === rootDirectory ? process.env.INIT_CWD || rootDirectory : process.cwd();
// Before all the rest is loaded: stretching a password takes longer than that, and another processor does it.
const headStart =
  words[0] === "repo"
    ? (await import("./commands/repo/head-start.ts")).beginHeadStart(words, process.env, workingDirectory)
    : null;
const { onHangUp, programVersion, runCommandLine, commandEntries } = await loadProgram();

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
  workingDirectory,
  homeDirectory: homedir(),
  now: Date.now,
  signal: interruption.signal,
  ...(headStart === null ? {} : { headStart }),
};
const home: Home = async (...at) => (await import("./home/run-home.ts")).runHome(...at);
process.exit(await runCommandLine(words, terminal, commandEntries, programVersion(), home));

async function loadProgram() {
  const [hangUp, version, running, commands] = await Promise.all([
    import("./command-line/hang-up.ts"),
    import("./command-line/program-version.ts"),
    import("./command-line/run-command-line.ts"),
    import("./commands/index.ts"),
  ]);
  return { ...hangUp, ...version, ...running, ...commands };
}
