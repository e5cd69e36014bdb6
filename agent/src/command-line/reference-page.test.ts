import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { commandEntries } from "../commands/index.ts";
import { createProgram } from "./create-program.ts";
import { formatReferencePage } from "./reference-page.ts";
import type { Terminal } from "./terminal.ts";

test("docs/cli.md says what the program does; npm run docs:cli writes it", async () => {
  const terminal: Terminal = {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    stdin: new PassThrough(),
    environment: {},
    workingDirectory: "/",
    homeDirectory: "/",
    now: () => 0,
    signal: new AbortController().signal,
  };
  const expected = formatReferencePage(await createProgram(terminal, commandEntries, "*", "0"));
  const written = await readFile(new URL("../../../docs/cli.md", import.meta.url), "utf8");
  // Both sides without the formatter's spelling of Markdown.
  assert.equal(plain(written), plain(expected));
});

function plain(text: string): string {
  return text.replaceAll("\\", "").replaceAll(/[*_]/g, "").replaceAll(/\s+/g, " ");
}
