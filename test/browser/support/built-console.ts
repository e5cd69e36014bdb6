import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { consoleState } from "../../../agent/src/up/console-build/index.ts";
import { repositoryRoot } from "../../support/index.ts";

/** The console's files in a directory of their own. */
export interface BuiltConsole {
  readonly directory: string;
  remove(): void;
}

/** Builds the console, unless it has been built as it is now, or with mode `stories` its screens on the fake provider. Takes some seconds. */
export async function buildConsole(mode: "production" | "stories"): Promise<BuiltConsole> {
  const root = join(repositoryRoot, "admin-ui");
  if (mode === "production" && (await consoleState(repositoryRoot)).state === "current") {
    return { directory: join(root, "dist"), remove: () => undefined };
  }
  const directory = mkdtempSync(join(tmpdir(), "mycloud-console-"));
  const before = process.env.NODE_ENV;
  // Else the runner's own NODE_ENV would choose React's development build.
  process.env.NODE_ENV = "production";
  try {
    await build({
      root,
      mode,
      configFile: join(root, "vite.config.ts"),
      logLevel: "error",
      build: { outDir: directory, emptyOutDir: true },
    });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
