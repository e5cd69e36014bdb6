import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { it } from "node:test";
import express from "express";
import { createEventStreams, type EventStream } from "./event-stream.ts";
import { listen, stopServer } from "./listen.ts";

async function startStreams() {
  const streams = createEventStreams(() => 0.5);
  const opened: EventStream[] = [];
  const app = express();
  app.get("/", (_request, response) => void opened.push(streams.open(response)));
  const server = createServer(app);
  const url = await listen(server, "127.0.0.1", 0);
  return { streams, opened, server, url };
}

it("a reader that takes nothing is cut off before it fills the memory", async () => {
  const { streams, opened, server, url } = await startStreams();
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "data");
  socket.pause();
  const [stream] = opened;
  assert.ok(stream);
  const ended = once(stream.signal, "abort");
  for (let count = 0; count < 100 && !stream.signal.aborted; count++) {
    stream.send("services", { text: "x".repeat(200_000) });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await ended;
  assert.equal(streams.count(), 0);
  socket.destroy();
  await stopServer(server, streams);
});

it("shutting down ends every stream and refuses new ones", async () => {
  const { streams, opened, server, url } = await startStreams();
  const answer = await fetch(url);
  const startedAt = performance.now();
  await stopServer(server, streams);
  await answer.text();
  assert.ok(opened[0]?.signal.aborted);
  assert.ok(performance.now() - startedAt < 20_000);
  await assert.rejects(fetch(url));
});
