import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { pino } from "pino";
import { createCommandPipe } from "./create-command-pipe.ts";
import { createLineSplitter } from "./split-lines.ts";

const run = promisify(execFile);
const logger = pino({ level: "silent" });

describe("the command file", () => {
  let directory = "";
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "mycloud-pipe-"));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** A pipe at a new path, with what it read. */
  async function start(name: string, pause?: () => Promise<void>) {
    const lines: string[] = [];
    const path = join(directory, name);
    const pipe = createCommandPipe({
      path,
      mayRegister: false,
      logger,
      commands: {
        async runAll(some) {
          await pause?.();
          lines.push(...some);
          return [];
        },
      },
    });
    await pipe.start?.();
    return { lines, path, pipe };
  }

  async function until(isReached: () => boolean): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!isReached()) {
      assert.ok(Date.now() < deadline, "nothing came within a minute");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it("is a FIFO for owner and group, takes writers that come and go, and is gone after the stop", async () => {
    const { lines, path, pipe } = await start("nagios.cmd");
    const stats = await lstat(path);
    assert.ok(stats.isFIFO());
    assert.equal(stats.mode & 0o777, 0o620);
    for (let writer = 1; writer <= 3; writer++) {
      await run("sh", ["-c", `printf '[1] ADD_HOST_COMMENT;web${writer};1;a;b\\n[1] X\\n' > ${path}`]);
    }
    await until(() => lines.length === 6);
    assert.deepEqual(lines.slice(0, 2), ["[1] ADD_HOST_COMMENT;web1;1;a;b", "[1] X"]);
    await pipe.stop?.();
    await assert.rejects(lstat(path));
  });

  it("keeps the order of many lines, and a slow database makes the writer wait", async () => {
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
    const { lines, path, pipe } = await start("slow.cmd", pause);
    await run("sh", ["-c", `seq 1 20000 | sed 's/^/COMMAND;/' > ${path}`]);
    await until(() => lines.length === 20_000);
    assert.ok(lines.every((line, index) => line === `COMMAND;${index + 1}`));
    await pipe.stop?.();
  });

  it("drops a line beyond 64 KiB and goes on with the next", async () => {
    const { lines, path, pipe } = await start("long.cmd");
    const writer = await open(path, "w");
    await writer.write(`${"x".repeat(70_000)}\nNEXT\n`);
    await writer.close();
    await until(() => lines.length === 1);
    assert.deepEqual(lines, ["NEXT"]);
    await pipe.stop?.();
  });

  it("a FIFO that is there already, as after kill -9, is used again; anything else stops the start", async () => {
    await run("mkfifo", [join(directory, "left.cmd")]);
    const { lines, path, pipe } = await start("left.cmd");
    await run("sh", ["-c", `echo HELLO > ${path}`]);
    await until(() => lines.length === 1);
    await pipe.stop?.();
    await writeFile(join(directory, "file.cmd"), "");
    await assert.rejects(start("file.cmd"), /exists and is no FIFO/);
  });

  it("a writer that was started before does not keep it from stopping", async () => {
    const { path, pipe } = await start("held.cmd");
    const writer = spawn("sh", ["-c", `exec sleep 30 > ${path}`]);
    await once(writer, "spawn");
    await pipe.stop?.();
    writer.kill("SIGKILL");
  });
});

it("lines are the same however the bytes are cut", () => {
  const text = fc.array(
    fc.string({ unit: "grapheme", maxLength: 12 }).map((line) => line.replace(/\n/g, "")),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 40 }), (lines, sizes) => {
      const split = createLineSplitter(1000);
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const found: string[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        found.push(...split(bytes.subarray(at, at + size)).lines);
        at += size;
      }
      assert.deepEqual(
        found,
        lines.filter((line) => line.trim() !== ""),
      );
    }),
  );
});
