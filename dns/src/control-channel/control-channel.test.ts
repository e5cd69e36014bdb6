import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { NameServerConfiguration, NameServerStatus, ZoneFeedLine } from "@mycloud/protocol/name-server";
import fc from "fast-check";
import { systemClock } from "../server/index.ts";
import { diskFiles, type StoreChange, ZoneStore, zoneIdOf } from "../zone-store/index.ts";
import { ControlChannel } from "./control-channel.ts";
import { ControlPlaneClient } from "./control-plane-client.ts";
import { EventReader } from "./event-reader.ts";
import { readZoneFeed } from "./read-zone-feed.ts";

const id = zoneIdOf("example.org.", null);
const soa = (serial: number) => `example.org. 60 IN SOA ns. host. ${serial} 1 2 3 4`;
const configuration = (serial: number): NameServerConfiguration => ({
  nsid: null,
  cookieSecrets: ["00".repeat(16)],
  tsigKeys: [],
  views: [],
  allowQuery: [],
  zones: [
    {
      name: "example.org.",
      view: null,
      kind: "primary",
      serial,
      primaries: [],
      notify: [],
      allowQuery: null,
      allowTransfer: [],
      allowNotify: [],
      allowsUpdate: true,
      weighted: [],
    },
  ],
  forwarding: null,
  rateLimit: null,
  queryLogOneIn: null,
});

/** A control plane that says what a test has it say. */
async function setUp(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "control-channel-"));
  t.after(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, "token"), "the-token\n");
  const streams: ServerResponse[] = [];
  const asked: string[] = [];
  const feeds: ((response: ServerResponse) => void)[] = [];
  const opened: (() => void)[] = [];
  const server = createServer((request, response) => {
    if (request.headers.authorization !== "Bearer the-token") return void response.writeHead(401).end();
    const url = request.url ?? "";
    if (url.startsWith("/api/v1/name-server/stream")) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      streams.push(response);
      opened.shift()?.();
    } else if (url.startsWith("/api/v1/name-server/zones/")) {
      asked.push(url.slice("/api/v1/name-server/zones/".length));
      const feed = feeds.shift();
      if (feed === undefined) response.writeHead(404).end();
      else feed(response);
    } else void answerUpdate(request, response, asked);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const changes: StoreChange[] = [];
  const store = new ZoneStore({
    directory: join(directory, "zones"),
    files: diskFiles,
    onChange: (change) => {
      changes.push(change);
      notice();
    },
    onFault: ({ error }) => assert.fail(String(error)),
  });
  await store.open();
  let noticed: () => void = () => undefined;
  const notice = () => noticed();
  const events: string[] = [];
  const client = new ControlPlaneClient({ url, tokenFile: join(directory, "token"), name: "ns1" });
  const configurations: NameServerConfiguration[] = [];
  const channel = new ControlChannel({
    client,
    store,
    clock: systemClock,
    random: () => 0,
    onConfiguration: async (each) => void configurations.push(each),
    status: async (): Promise<NameServerStatus | undefined> => undefined,
    onEvent: (_level, _fields, message) => events.push(message),
  });
  const ended = new AbortController();
  const running = channel.run(ended.signal);
  t.after(async () => {
    ended.abort();
    await running;
  });
  return {
    channel,
    store,
    asked,
    events,
    configurations,
    changes,
    feed: (...lines: ZoneFeedLine[]) =>
      feeds.push((response) => response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""))),
    cutFeed: (line: ZoneFeedLine) => feeds.push((response) => response.end(`${JSON.stringify(line)}\n`)),
    /** The next stream that is opened, or the one that is open. */
    stream: async () => {
      if (streams.length === 0) await new Promise<void>((resolve) => opened.push(resolve));
      return streams.pop() ?? assert.fail("no stream");
    },
    /** Resolves when a zone has changed until `isThere`. */
    until: async (isThere: () => boolean) => {
      while (!isThere()) await new Promise<void>((resolve) => (noticed = resolve));
    },
  };
}

async function answerUpdate(request: IncomingMessage, response: ServerResponse, asked: string[]): Promise<void> {
  let body = "";
  for await (const piece of request) body += piece;
  asked.push(body);
  response.end(JSON.stringify({ resultCode: 5, reason: "policy" }));
}

function say(stream: ServerResponse, event: string, data: unknown): void {
  stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

describe("ControlChannel", () => {
  it("fetches what was published, then the steps, and the whole zone where they do not fit", async (t) => {
    const { stream, feed, store, asked, until, configurations } = await setUp(t);
    const open = await stream();
    feed({ kind: "zone", serial: 1 }, { kind: "records", records: [soa(1)] }, { kind: "end", serial: 1 });
    say(open, "configuration", configuration(1));
    await until(() => store.get(id)?.serial === 1);
    assert.equal(configurations.length, 1);
    feed(
      { kind: "steps", serial: 2 },
      { kind: "step", removed: [soa(1)], added: [soa(2), "www.example.org. 60 IN A 192.0.2.1"] },
      { kind: "end", serial: 2 },
    );
    say(open, "zone", { name: "example.org.", view: null, serial: 2 });
    await until(() => store.get(id)?.serial === 2);
    feed(
      { kind: "steps", serial: 9 },
      { kind: "step", removed: [soa(8)], added: [soa(9)] },
      { kind: "end", serial: 9 },
    );
    feed({ kind: "zone", serial: 9 }, { kind: "records", records: [soa(9)] }, { kind: "end", serial: 9 });
    say(open, "zone", { name: "example.org.", view: null, serial: 9 });
    await until(() => store.get(id)?.serial === 9);
    assert.deepEqual(asked, ["example.org.?", "example.org.?from=1", "example.org.?from=2", "example.org.?"]);
  });

  it("takes no part of a feed that was cut, and fetches it again", async (t) => {
    const { stream, feed, cutFeed, store, until, events, changes } = await setUp(t);
    const open = await stream();
    cutFeed({ kind: "zone", serial: 1 });
    feed({ kind: "zone", serial: 1 }, { kind: "records", records: [soa(1)] }, { kind: "end", serial: 1 });
    say(open, "configuration", configuration(1));
    await until(() => store.get(id)?.serial === 1);
    assert.ok(events.includes("a zone could not be fetched"));
    assert.equal(changes.length, 1);
  });

  it("connects again when the stream breaks, and catches up with what it missed", async (t) => {
    const { stream, feed, store, until, channel } = await setUp(t);
    const first = await stream();
    feed({ kind: "zone", serial: 1 }, { kind: "records", records: [soa(1)] }, { kind: "end", serial: 1 });
    say(first, "configuration", configuration(1));
    await until(() => store.get(id)?.serial === 1);
    first.destroy();
    feed({ kind: "zone", serial: 5 }, { kind: "records", records: [soa(5)] }, { kind: "end", serial: 5 });
    say(await stream(), "configuration", configuration(5));
    await until(() => store.get(id)?.serial === 5);
    assert.equal(channel.isConnected, true);
  });

  it("passes an update on and says what came of it", async (t) => {
    const { channel, asked } = await setUp(t);
    const update = { view: null, zone: "example.org.", key: "k.", client: "192.0.2.1", id: "1" };
    assert.equal(await channel.relayUpdate({ ...update, message: Buffer.from([0, 255]) }), 5);
    assert.equal(JSON.parse(asked[0] ?? "").message, "AP8=");
  });
});

describe("EventReader", () => {
  it("finds the same events however the stream is cut, with any line ends and comments", () => {
    const text =
      ':\n\nevent: a\r\ndata: 1\r\n\r\ndata:x\ndata: y\nid: 7\n\nevent: lost\n\n:c\nevent: b\ndata: {"k":"v: w"}\n\n';
    const wanted = [
      { event: "a", data: "1" },
      { event: "message", data: "x\ny" },
      { event: "b", data: '{"k":"v: w"}' },
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const reader = new EventReader();
        const ends = [...cuts.toSorted((a, b) => a - b), text.length];
        const events = ends.flatMap((end, at) => [...reader.push(text.slice(ends[at - 1] ?? 0, end))]);
        assert.deepEqual(events, wanted);
      }),
    );
  });
});

describe("readZoneFeed", () => {
  const read = (...lines: string[]) =>
    readZoneFeed(
      id,
      (async function* () {
        yield* lines;
      })(),
    );
  const end = JSON.stringify({ kind: "end", serial: 1 });
  it("refuses what is no feed", async () => {
    await assert.rejects(read(), /its last line is missing/);
    await assert.rejects(read("{"), /no JSON/);
    await assert.rejects(read('{"kind":"zones"}'), /not what it should be/);
    await assert.rejects(read(end), /does not say what follows/);
    const zone = JSON.stringify({ kind: "zone", serial: 1 });
    const records = (...texts: string[]) => JSON.stringify({ kind: "records", records: texts });
    await assert.rejects(read(zone, records("example.org. 60 IN A nonsense"), end), /A nonsense cannot be read/);
    await assert.rejects(read(zone, records("a 60 IN TXT (", ")"), end), /ZoneFeedError|cannot be read|were read as/);
    const steps = JSON.stringify({ kind: "steps", serial: 1 });
    const step = JSON.stringify({ kind: "step", removed: [], added: ["a.example.org. 60 IN A 192.0.2.1"] });
    await assert.rejects(read(steps, step, end), /does not change the SOA/);
  });
});
