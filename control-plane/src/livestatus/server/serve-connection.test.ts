import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { after, test } from "node:test";
import fc from "fast-check";
import type { Answer } from "../query/index.ts";
import { type ConnectionDependencies, serveConnection } from "./serve-connection.ts";

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

/** A server that answers each query with its table's name, slowly where that is "slow". */
async function startServer(more: Partial<ConnectionDependencies> = {}) {
  const commands: string[] = [];
  const stopping = new AbortController();
  const deps: ConnectionDependencies = {
    async answer(request): Promise<Answer> {
      if (request.kind === "error") {
        return { code: request.error.code, body: Buffer.from(`${request.error.message}\n`), style: request.style };
      }
      if (request.query.table === "slow") await new Promise((resolve) => setTimeout(resolve, 50));
      return { code: 200, body: Buffer.from(`${request.query.table}\n`), style: request.query };
    },
    command: async (line) => void commands.push(line),
    now: () => 1_700_000_000_000,
    idleMs: 5000,
    ...more,
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => void serveConnection(socket, deps, stopping.signal));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { port, commands, stopping };
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString("utf8");
}

async function talk(port: number, text: string, isHalfClosed = true): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const reading = readAll(socket);
  if (isHalfClosed) socket.end(text);
  else socket.write(text);
  return await reading;
}

const kept = "KeepAlive: on\nResponseHeader: fixed16\n\n";

test("a query is answered and the connection closed, whether it ends in an empty line or in a half-close", async () => {
  const { port } = await startServer();
  assert.equal(await talk(port, "GET hosts\n\n", false), "hosts\n");
  assert.equal(await talk(port, "GET hosts"), "hosts\n");
  assert.equal(await talk(port, "GET hosts\r\nResponseHeader: fixed16\r\n\r\n"), "200           6\nhosts\n");
});

test("pipelined queries on one connection are answered in their order", async () => {
  const { port } = await startServer();
  const answers = await talk(port, `GET slow\n${kept}GET hosts\n${kept}GET slow\n${kept}`);
  assert.equal(answers, "200           5\nslow\n200           6\nhosts\n200           5\nslow\n");
});

test("without KeepAlive nothing after the first query is answered", async () => {
  const { port } = await startServer();
  assert.equal(await talk(port, "GET hosts\n\nGET services\n\n"), "hosts\n");
});

test("a command is answered by nothing, and queries after it go on", async () => {
  const { port, commands } = await startServer();
  const answers = await talk(port, `COMMAND [1] A;b;c; d\n\nGET hosts\n${kept}COMMAND [2] B\n`);
  assert.equal(answers, "200           6\nhosts\n");
  assert.deepEqual(commands, ["[1] A;b;c; d", "[2] B"]);
});

test("errors are told with fixed16 and are silence without", async () => {
  const { port } = await startServer();
  assert.match(
    await talk(port, "GET hosts\nNonsense: x\nResponseHeader: fixed16\n\n"),
    /^400 +\d+\nundefined request header/,
  );
  assert.equal(await talk(port, "GET hosts\nNonsense: x\n\n"), "");
});

test("a line or request that is too large ends the connection with 413", async () => {
  const { port } = await startServer();
  assert.match(await talk(port, `GET ${"x".repeat(100_000)}\n\n`), /^413 /);
  assert.match(await talk(port, `GET hosts\n${`Filter: name = ${"x".repeat(60_000)}\n`.repeat(100)}\n`), /^413 /);
});

test("a silent peer is disconnected, and so is everybody when the server stops", async () => {
  const { port } = await startServer({ idleMs: 50 });
  assert.equal(await talk(port, "GET hosts\n", false), "");
  const other = await startServer({ answer: () => new Promise(() => undefined) });
  const waiting = talk(other.port, "GET hosts\n\n", false);
  setTimeout(() => other.stopping.abort(), 30);
  assert.equal(await waiting, "");
});

test("no bytes make it fail or hang", async () => {
  const { port } = await startServer({ idleMs: 2000 });
  const line = fc.oneof(
    fc.constantFrom(
      "GET hosts",
      "GET",
      "COMMAND [1] X",
      "",
      "Filter: a = b",
      "And: 3",
      "Negate:",
      "KeepAlive: on",
      "ResponseHeader: fixed16",
      "Stats: sum x",
      "StatsAnd: 99",
      "Limit: -1",
      "Separators: 1 2",
      "Localtime: 5",
      "WaitTimeout: 1",
      "__proto__: x",
      "constructor: y",
    ),
    fc.string({ maxLength: 30 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      await talk(port, `${lines.join("\n")}\n`);
    }),
    { numRuns: 300 },
  );
});
