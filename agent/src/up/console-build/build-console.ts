import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../../command-line/index.ts";
import { startTethered, stopTethered } from "../tethered-process.ts";
import { hashConsoleInputs } from "./console-inputs.ts";

const stampName = ".inputs-sha256";

/** What is to be done about the console's files. */
export type ConsoleState = "current" | "outdated" | "missing-without-sources";

/** Compares the built files with their inputs. An installed MyCloud has built files only, and they are current. */
export async function consoleState(root: string): Promise<{ readonly state: ConsoleState; readonly hash?: string }> {
  const dist = join(root, "admin-ui/dist");
  const hash = await hashConsoleInputs(root);
  if (hash === undefined)
    return { state: existsSync(join(dist, "index.html")) ? "current" : "missing-without-sources" };
  const stamp = await readFile(join(dist, stampName), "utf8").catch(() => "");
  return { state: stamp.trim() === hash ? "current" : "outdated", hash };
}

/**
 * Builds the console (vite) beside and puts it in place in one step, so that a server that runs meanwhile always has whole files, and two
 * builds at once do no harm. Throws CommandError with the builder's last lines.
 */
export async function buildConsole(
  root: string,
  hash: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<void> {
  const dist = join(root, "admin-ui/dist");
  const beside = await mkdtemp(join(root, "node_modules/.mycloud-console-"));
  const lines: string[] = [];
  const build = startTethered({
    script: join(root, "node_modules/vite/bin/vite.js"),
    args: ["build", "--outDir", join(beside, "dist"), "--emptyOutDir", "--logLevel", "warn"],
    cwd: join(root, "admin-ui"),
    env: { ...environment, NODE_ENV: "production", NO_COLOR: "1" },
    onLine: (line) => lines.push(line),
  });
  const onAbort = () => void stopTethered(build, 1000);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const { code } = await build.ended;
    if (signal.aborted) throw new CommandError("interrupted", "stopped while the console was built");
    if (code !== 0) {
      throw new CommandError("failed", `the console could not be built: ${complaint(lines) || `exit code ${code}`}`);
    }
    await writeFile(join(beside, "dist", stampName), `${hash}\n`);
    await rename(dist, join(beside, "earlier")).catch(() => undefined);
    await rename(join(beside, "dist"), dist).catch(async (error: unknown) => {
      // Another build was a moment faster: its files are as good.
      if (!existsSync(join(dist, stampName))) throw error;
    });
  } finally {
    signal.removeEventListener("abort", onAbort);
    await rm(beside, { recursive: true, force: true });
  }
}

/** What the builder complained of, without its stack trace. */
function complaint(lines: readonly string[]): string {
  const telling = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("at "));
  return telling.slice(0, 6).join(" ");
}
