// Writes docs/cli.md from the command line's own tables.
import { writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { createProgram } from "../agent/src/command-line/create-program.ts";
import { formatReferencePage } from "../agent/src/command-line/reference-page.ts";
import { commandEntries } from "../agent/src/commands/index.ts";

const terminal = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  environment: {},
  workingDirectory: process.cwd(),
  homeDirectory: homedir(),
  now: Date.now,
  signal: new AbortController().signal,
};
const program = await createProgram(terminal, commandEntries, "*", "0");
writeFileSync(new URL("../docs/cli.md", import.meta.url), formatReferencePage(program));
