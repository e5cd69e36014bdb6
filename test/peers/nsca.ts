import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const NSCA_PROGRAM = "/usr/sbin/nsca";
export const SEND_NSCA_PROGRAM = "/usr/sbin/send_nsca";

/** Sends lines (`host<TAB>service<TAB>code<TAB>output`) with Debian's send_nsca; answers its words and exit code. */
export async function sendNsca(
  port: number,
  settings: { readonly method: number; readonly password: string },
  lines: readonly string[],
): Promise<{ code: number; output: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), "send-nsca-"));
  const config = path.join(directory, "send_nsca.cfg");
  await writeFile(config, `password=${settings.password}\nencryption_method=${settings.method}\n`);
  const child = spawn(SEND_NSCA_PROGRAM, ["-H", "127.0.0.1", "-p", String(port), "-c", config]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  child.stdin.on("error", () => undefined);
  // 0x17 parts results that have several lines of output.
  child.stdin.end(lines.map((line) => `${line}\x17`).join(""));
  const [code] = await once(child, "close");
  await rm(directory, { recursive: true });
  return { code: Number(code), output };
}

/** Debian's nsca daemon on a port of this machine; what it gets goes to `commandFile`. */
export async function startNsca(
  port: number,
  settings: { readonly method: number; readonly password: string; readonly commandFile: string },
): Promise<{ stop(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), "nsca-peer-"));
  const config = path.join(directory, "nsca.cfg");
  const lines = {
    pid_file: path.join(directory, "nsca.pid"),
    server_port: port,
    server_address: "127.0.0.1",
    debug: 0,
    command_file: settings.commandFile,
    alternate_dump_file: path.join(directory, "nsca.dump"),
    aggregate_writes: 0,
    append_to_file: 0,
    max_packet_age: 30,
    password: settings.password,
    decryption_method: settings.method,
  };
  const text = Object.entries(lines).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(config, text.join(""));
  const child = spawn(NSCA_PROGRAM, ["-c", config, "-f", "--single"], { stdio: "ignore" });
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt > 1_200 || child.exitCode !== null) throw new Error(`nsca did not start (exit code ${child.exitCode})`);
    await sleep(50);
  }
  return {
    async stop() {
      await end(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await exited;
  clearTimeout(killer);
}
