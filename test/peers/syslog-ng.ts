import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Cleanup } from "../support/cleanup.ts";

const run = promisify(execFile);
/** The program, and the libraries of its that not every Debian has. */
const packages = ["syslog-ng-core", "libivykis0", "libnet1", "libwrap0", "libjson-c5"];

/** Debian's syslog-ng, which cannot be installed beside rsyslog: its package is only taken apart. */
export interface SyslogNg {
  /** Starts it with a configuration; it is killed when the test ends. `said()` is what it wrote to stderr. */
  start(cleanup: Cleanup, configuration: string): Promise<{ stop(): Promise<void>; said(): string }>;
}

/** Fetches it below a directory. Answers why it could not be had when that fails. */
export async function fetchSyslogNg(directory: string): Promise<SyslogNg | string> {
  if (!existsSync("/usr/bin/apt-get")) return "this is no Debian";
  const root = join(directory, "root");
  await mkdir(root, { recursive: true });
  try {
    await run("apt-get", ["download", "-qq", ...packages], { cwd: directory, timeout: 120_000 });
    const files = (await readdir(directory)).filter((name) => name.endsWith(".deb"));
    for (const file of files) await run("dpkg", ["-x", join(directory, file), root]);
  } catch (error) {
    return `syslog-ng could not be fetched: ${error instanceof Error ? error.message : String(error)}`;
  }
  let started = 0;
  return {
    async start(cleanup, configuration) {
      const place = join(directory, `run${++started}`);
      await mkdir(place);
      const file = join(place, "syslog-ng.conf");
      await writeFile(file, `@version: 3.38\n${configuration}`);
      const [library, modules] = [join(root, "usr/lib"), join(root, "usr/lib/syslog-ng/3.38")];
      const files = ["persist", "control", "pid"].map((name) => join(place, name));
      const args = ["--foreground", "--stderr", "--no-caps", "--cfgfile", file, "--module-path", modules];
      const places = [`--persist-file=${files[0]}`, `--control=${files[1]}`, `--pidfile=${files[2]}`];
      const child = spawn(join(root, "usr/sbin/syslog-ng"), [...args, ...places], {
        env: {
          LD_LIBRARY_PATH: [`${library}/x86_64-linux-gnu`, `${library}/aarch64-linux-gnu`, `${library}/syslog-ng`].join(
            ":",
          ),
        },
        stdio: ["ignore", "ignore", "pipe"],
      });
      const ended = once(child, "close");
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      const stop = async () => {
        child.kill("SIGTERM");
        await ended;
      };
      cleanup.after(stop);
      return { stop, said: () => said };
    },
  };
}
