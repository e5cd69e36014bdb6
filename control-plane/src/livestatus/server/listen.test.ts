import assert from "node:assert/strict";
import { mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pino } from "pino";
import { listen } from "./listen.ts";

const logger = pino({ level: "silent" });
const greet = async (socket: Socket) => void socket.end("hello");

async function hear(target: string | number): Promise<string> {
  const socket = typeof target === "number" ? connect(target, "127.0.0.1") : connect(target);
  let heard = "";
  socket.on("data", (chunk) => (heard += chunk));
  await new Promise<void>((resolve) => socket.on("error", () => resolve()).on("close", () => resolve()));
  return heard;
}

describe("listening", () => {
  let directory = "";
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "livestatus-listen-"));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  test("a socket file is for owner and group, and gone after the end", async () => {
    const path = join(directory, "live");
    const listener = await listen({ target: { path }, maximumConnections: 5, serve: greet, logger });
    assert.equal((await stat(path)).mode & 0o777, 0o660);
    assert.equal(await hear(path), "hello");
    await listener.close();
    await assert.rejects(stat(path));
  });

  test("a socket file that a killed process left is replaced; one in use, and a file that is none, are not", async () => {
    const left = join(directory, "left");
    const killed = createServer();
    await new Promise<void>((resolve) => killed.listen(left, resolve));
    const inUse = { target: { path: left }, maximumConnections: 5, serve: greet, logger };
    await assert.rejects(listen(inUse), { code: "EADDRINUSE" });
    const file = join(directory, "file");
    await writeFile(file, "precious");
    await assert.rejects(listen({ ...inUse, target: { path: file } }), { code: "EADDRINUSE" });
    // Renamed, its file outlives it, as a killed process' does.
    const stale = join(directory, "stale");
    await rename(left, stale);
    await new Promise((resolve) => killed.close(resolve));
    const listener = await listen({ ...inUse, target: { path: stale } });
    assert.equal(await hear(stale), "hello");
    await listener.close();
  });

  test("more connections than allowed are not served", async () => {
    const waiting: Socket[] = [];
    const serve = async (socket: Socket) => void waiting.push(socket);
    const target = { host: "127.0.0.1", port: 0 };
    const listener = await listen({ target, maximumConnections: 2, serve, logger });
    const port = Number(listener.address.split(":").at(-1));
    const first = connect(port, "127.0.0.1");
    const second = connect(port, "127.0.0.1");
    while (waiting.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await hear(port), "");
    for (const socket of [first, second, ...waiting]) socket.destroy();
    await listener.close();
  });
});
