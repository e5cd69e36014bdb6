import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, it } from "node:test";
import express, { type Response } from "express";
import { hasVersion, readByteRange } from "./byte-range.ts";
import { contentDisposition } from "./content-disposition.ts";
import { sendContent } from "./send-content.ts";

it("a client that takes nothing is given up, and the body is ended", async () => {
  let isEnded = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(1_000_000);
    } finally {
      isEnded = true;
    }
  }
  const outcome = Promise.withResolvers<unknown>();
  const app = express();
  app.get("/", (_request, response: Response) => {
    const content = { status: 200, headers: {}, lengthBytes: null, body: endless() };
    const { signal } = new AbortController();
    sendContent(response, content, { signal, stallMs: 100 }).then(outcome.resolve, outcome.resolve);
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  assert.match(String(await outcome.promise), /takes nothing any more/);
  assert.ok(isEnded);
  socket.destroy();
  server.closeAllConnections();
  server.close();
});

describe("a range", () => {
  it("of nothing is none, and never reaches beyond the end", () => {
    assert.deepEqual(readByteRange("bytes=0-", 0), { kind: "unsatisfiable" });
    assert.deepEqual(readByteRange("bytes=-5", 0), { kind: "unsatisfiable" });
    assert.deepEqual(readByteRange("bytes=-", 10), { kind: "whole" });
    assert.deepEqual(readByteRange(undefined, 10), { kind: "whole" });
    assert.deepEqual(readByteRange("BYTES= 0 - 4 ", 10), { kind: "part", offset: 0, length: 5 });
  });
});

it("a version is known by any of its names", () => {
  const cases: readonly [string | undefined, boolean][] = [
    [undefined, false],
    ["*", true],
    ['"a"', true],
    ['W/"a", "b"', true],
    ['"b"', false],
    ["a", false],
  ];
  for (const [header, expected] of cases) assert.equal(hasVersion(header, '"a"'), expected, String(header));
});

it("a file name stays a name", () => {
  assert.equal(contentDisposition("inline", ""), `inline; filename="download"; filename*=UTF-8''download`);
  assert.equal(
    contentDisposition("attachment", '../a\r\nb"c\ud800'),
    `attachment; filename=".._a__b_c_"; filename*=UTF-8''.._a__b%22c%EF%BF%BD`,
  );
});
