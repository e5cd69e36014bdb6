import { existsSync } from "node:fs";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootDirectory } from "./root-directory.ts";
import { runProgram } from "./run-program.ts";
import type { StepOutcome } from "./tally.ts";

interface InstallOptions {
  /** There a missing package is a failure. */
  readonly isCi: boolean;
  readonly signal: AbortSignal;
}

/** The packages a list names: one a line, `#` starts a comment. Pure. */
export function parsePackageList(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");
}

/** Installs what is missing of test/apt-packages.txt when this is root on Debian, else names it: tests that need it are then skipped. */
export async function installPackages({ isCi, signal }: InstallOptions): Promise<StepOutcome> {
  const wanted = parsePackageList(await readFile(join(rootDirectory, "test/apt-packages.txt"), "utf8"));
  const isDebian = existsSync("/usr/bin/dpkg-query") && existsSync("/usr/bin/apt-get");
  if (!isDebian)
    return { kind: "skipped", reason: `this is no Debian; tests that need one of ${wanted.join(" ")} may be skipped` };
  const missing = await findMissing(wanted, signal);
  if (missing.length === 0) return { kind: "passed", remark: `all ${wanted.length} are installed` };
  if (process.getuid?.() !== 0) {
    const reason = `missing: ${missing.join(" ")}; install them with apt-get, or run as root`;
    return isCi ? { kind: "failed", reason } : { kind: "skipped", reason };
  }
  process.stdout.write(`installing ${missing.join(" ")}\n`);
  await install(missing, signal);
  const still = await findMissing(missing, signal);
  if (still.length === 0) return { kind: "passed", remark: `installed ${missing.length}` };
  const reason = `could not be installed: ${still.join(" ")}`;
  return isCi ? { kind: "failed", reason } : { kind: "skipped", reason };
}

async function findMissing(names: readonly string[], signal: AbortSignal): Promise<string[]> {
  const format = "$" + "{Package} $" + "{db:Status-Status}\n";
  const { output } = await runProgram("/usr/bin/dpkg-query", ["-W", "-f", format, ...names], {
    output: "collect",
    timeoutMs: 60_000,
    signal,
  });
  const installed = new Set(
    output
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return names.filter((name) => !installed.has(name));
}

async function install(names: readonly string[], signal: AbortSignal): Promise<void> {
  // Packages of daemons start them; tests start their own. policy-rc.d is Debian's way to say no.
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = !existsSync(policy);
  if (isOurs) {
    await writeFile(policy, "#!/bin/sh\nexit 101\n");
    await chmod(policy, 0o755);
  }
  const options = {
    environment: { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    output: "inherit",
    timeoutMs: 600_000,
    signal,
  } as const;
  try {
    await runProgram("/usr/bin/apt-get", ["-qq", "update"], options);
    await runProgram("/usr/bin/apt-get", ["-qq", "install", "-y", "--no-install-recommends", ...names], options);
  } finally {
    if (isOurs) await rm(policy, { force: true });
  }
}
