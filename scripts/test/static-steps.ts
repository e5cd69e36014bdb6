import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildConsole, consoleState } from "../../agent/src/up/console-build/index.ts";
import { rootDirectory } from "./root-directory.ts";
import { runProgram } from "./run-program.ts";
import type { StepOutcome } from "./tally.ts";

const binaries = join(rootDirectory, "node_modules/.bin");

/** Lint, format and import direction (biome). */
export async function checkLint(signal: AbortSignal): Promise<StepOutcome> {
  const options = { output: "inherit", timeoutMs: 180_000, signal } as const;
  const { code } = await runProgram(join(binaries, "biome"), ["check", "--error-on-warnings", "."], options);
  return code === 0
    ? { kind: "passed" }
    : { kind: "failed", reason: `biome check ended with ${code}; npm run format mends what it can` };
}

/** Types of the server side and of the console (tsc). */
export async function checkTypes(signal: AbortSignal): Promise<StepOutcome> {
  const options = { output: "inherit", timeoutMs: 300_000, signal } as const;
  for (const project of ["tsconfig.json", "admin-ui/tsconfig.json"]) {
    if (!existsSync(join(rootDirectory, project))) continue;
    const { code } = await runProgram(join(binaries, "tsc"), ["-p", project], options);
    if (code !== 0) return { kind: "failed", reason: `tsc -p ${project} ended with ${code}` };
  }
  return { kind: "passed" };
}

/** Builds the console unless it is up to date. */
export async function makeConsole(signal: AbortSignal): Promise<StepOutcome> {
  const { state, hash } = await consoleState(rootDirectory);
  if (state === "current" || hash === undefined) return { kind: "passed", remark: "up to date" };
  await buildConsole(rootDirectory, hash, process.env, signal);
  return { kind: "passed", remark: "built" };
}
