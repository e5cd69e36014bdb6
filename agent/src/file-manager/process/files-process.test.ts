import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { FileError } from "../file-error.ts";
import { createFilesProcess } from "./files-process.ts";

const never = new AbortController().signal;

test("a process of its own reads and writes, piece by piece, and is begun again when it is lost", async (context) => {
  const base = await mkdtemp("/tmp/mycloud-files-");
  const files = createFilesProcess({ onLine: (line) => assert.fail(line) });
  context.after(async () => {
    await files.stop();
    await rm(base, { recursive: true, force: true });
  });
  const rules = {
    jobs: [
      {
        repositoryId: 1,
        paths: [base],
        exclude: [],
        excludeIgnoringCase: [],
        excludeIfPresent: [],
        excludeCaches: false,
      },
    ],
    roots: null,
    mayChange: true,
    maximumUploadBytes: 1e9,
    ownDirectories: [],
  };
  const path = join(base, "large");
  const content = Buffer.alloc(3_000_000, "0123456789");
  async function* upload() {
    for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
  }
  const written = await files.ask(
    { request: { kind: "write", path, ifVersion: "none" }, rules, upload: upload() },
    never,
  );
  assert.equal(written.head.kind === "changed" && written.head.entry?.sizeBytes, content.length);
  assert.ok((await readFile(path)).equals(content));
  const read = { request: { kind: "read", path, offset: 0, length: null }, rules, upload: null } as const;
  const whole = await files.ask(read, never);
  assert.ok(whole.body !== null);
  assert.ok((await buffer(whole.body)).equals(content));

  const given = await files.ask(read, never);
  await given.body?.next();
  await given.body?.return(undefined);

  async function* broken() {
    yield Buffer.from("half");
    throw new Error("gone");
  }
  const brokenOff = { request: { kind: "write", path, ifVersion: null }, rules, upload: broken() } as const;
  await assert.rejects(
    files.ask(brokenOff, never),
    (error) => error instanceof FileError && /broke off/.test(error.message),
  );
  assert.ok((await readFile(path)).equals(content));

  const gone = new AbortController();
  async function* endless() {
    yield Buffer.from("half");
    gone.abort(new Error("nobody waits"));
    await new Promise(() => undefined);
  }
  const left = { request: { kind: "write", path, ifVersion: null }, rules, upload: endless() } as const;
  await assert.rejects(files.ask(left, gone.signal), /nobody waits/);
  await writeFile(path, "small");
  assert.equal((await files.ask(read, never)).head.kind, "read");
});
