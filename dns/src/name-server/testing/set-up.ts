import assert from "node:assert/strict";
import type { NameServerConfiguration, ZoneConfiguration } from "@mycloud/protocol/name-server";
import { classes, type EdnsOption, type Message, MessageWriter, readMessage } from "../../message/index.ts";
import { parseName } from "../../name/index.ts";
import {
  formatRecordData,
  formatRecordType,
  parseRecordText,
  parseRecordType,
  type ResourceRecord,
  recordTypes,
} from "../../record/index.ts";
import { signMessage, type TsigKey } from "../../tsig/index.ts";
import { stepOf, Zone, type ZoneStep } from "../../zone/index.ts";
import { parseZoneFile } from "../../zone-file/index.ts";
import { NameServer } from "../name-server.ts";
import type {
  FetchedZone,
  NameServerEvent,
  NameServerOptions,
  PeerExchange,
  UpdateRequest,
  ZoneKey,
} from "../name-server-options.ts";
import { ManualClock } from "./manual-clock.ts";

export const apex = parseName("example.org.");
export const zoneKey: ZoneKey = { view: null, name: "example.org" };
export const key: TsigKey = { name: parseName("transfer."), algorithm: "hmac-sha256", secret: Buffer.from("secret") };

export const configuration = (changes: Partial<NameServerConfiguration> = {}): NameServerConfiguration => ({
  nsid: null,
  cookieSecrets: ["00".repeat(16)],
  tsigKeys: [{ name: "transfer", algorithm: "hmac-sha256", secret: key.secret.toString("base64") }],
  views: [],
  allowQuery: [{ prefixes: ["0.0.0.0/0", "::/0"], key: null }],
  zones: [zoneConfiguration()],
  forwarding: null,
  rateLimit: null,
  queryLogOneIn: null,
  ...changes,
});

export const zoneConfiguration = (changes: Partial<ZoneConfiguration> = {}): ZoneConfiguration => ({
  name: "example.org",
  view: null,
  kind: "primary",
  serial: null,
  primaries: [],
  notify: [],
  allowQuery: null,
  allowTransfer: [],
  allowNotify: [],
  allowsUpdate: false,
  weighted: [],
  ...changes,
});

/** A zone of such lines besides its SOA and NS records. */
export function makeZone(serial: number, lines: readonly string[] = ["www A 192.0.2.80"], origin = apex): Zone {
  const text = `$TTL 60\n@ SOA ns1 host ${serial} 3600 600 86400 60\n@ NS ns1\nns1 A 192.0.2.1\n${lines.join("\n")}\n`;
  return new Zone(origin, parseZoneFile(text, { origin, onFault: ({ message }) => assert.fail(message) }));
}

export function record(name: string, type: string, data: string, ttl = 60): ResourceRecord {
  const code = parseRecordType(type) ?? assert.fail(type);
  return { name: parseName(name, apex), type: code, ttl, rdata: parseRecordText(code, data, apex) };
}

/** A step from one serial to the next of a zone of makeZone. */
export function makeStep(
  fromSerial: number,
  removed: readonly ResourceRecord[],
  added: readonly ResourceRecord[],
): ZoneStep {
  const soa = (serial: number) => record("example.org.", "SOA", `ns1 host ${serial} 3600 600 86400 60`);
  const change = { removed: [soa(fromSerial), ...removed], added: [soa(fromSerial + 1), ...added] };
  return stepOf(change) ?? assert.fail("no step");
}

export const noExchange: PeerExchange = {
  datagram: () => Promise.reject(new Error("nobody is there")),
  stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("nobody is there")) }) }),
};

/** A name server in memory, and what it told of. */
export function setUp(changes: Partial<NameServerOptions> = {}) {
  const clock = changes.clock instanceof ManualClock ? changes.clock : new ManualClock();
  const events: NameServerEvent[] = [];
  const fetched: FetchedZone[] = [];
  const refreshed: number[] = [];
  const updates: UpdateRequest[] = [];
  const server = new NameServer({
    clock,
    random: () => 0,
    exchange: noExchange,
    isLeader: true,
    cachedAnswers: 100,
    relayUpdate: async (update) => {
      updates.push(update);
      return 0;
    },
    onNotify: () => {},
    onZoneFetched: (each) => fetched.push(each),
    onZoneRefreshed: (_, expiresAtMs) => refreshed.push(expiresAtMs),
    onEvent: (event) => events.push(event),
    onAnswered: null,
    forward: null,
    ...changes,
  });
  return { server, clock, events, fetched, refreshed, updates };
}

export interface Asked {
  readonly name?: string;
  readonly type?: number;
  readonly class?: number;
  readonly opcode?: number;
  readonly authority?: ResourceRecord;
  readonly id?: number;
  readonly edns?: number;
  readonly options?: readonly EdnsOption[];
}

export function write({
  name = "example.org.",
  type = recordTypes.SOA,
  class: asked = classes.IN,
  ...rest
}: Asked): Buffer {
  const writer = new MessageWriter(Buffer.alloc(1_000));
  writer.setHeader(rest.id ?? 4711, (rest.opcode ?? 0) << 11);
  writer.addQuestion({ name: parseName(name), type, class: asked });
  const { authority } = rest;
  if (authority !== undefined)
    writer.addRecord("authority", { owner: authority.name, type: authority.type, ttl: authority.ttl }, authority.rdata);
  if (rest.edns !== undefined) writer.addEdns(rest.edns, 0, false, rest.options ?? []);
  return Buffer.from(writer.finish());
}

export function sign(octets: Buffer, clock: ManualClock, by = key) {
  return signMessage(octets, by, Math.floor(clock.now() / 1000));
}

export function send(
  server: NameServer,
  octets: Buffer,
  address = "192.0.2.77",
): Buffer | undefined | Promise<Buffer | undefined> {
  return server.handleDatagram(octets, { address, transport: "udp" });
}

/** The one message that comes back by UDP at once. */
export function ask(server: NameServer, octets: Buffer, address = "192.0.2.77"): Message {
  const answer = send(server, octets, address);
  assert.ok(Buffer.isBuffer(answer), "there is no answer");
  return readMessage(answer);
}

export const rcodeOf = ({ header }: Message) => header.flags & 15;

/** The messages that come back by TCP. */
export async function stream(server: NameServer, octets: Buffer, address = "192.0.2.77"): Promise<Buffer[]> {
  const answer = await server.handleStream(octets, { address, transport: "tcp" });
  if (answer === undefined) return [];
  if (Buffer.isBuffer(answer)) return [answer];
  const messages: Buffer[] = [];
  for await (const message of answer) messages.push(message);
  return messages;
}

/** Records as text, for comparison. */
export function show(records: Message["answer"]): string[] {
  return records.map(({ type, rdata }) => `${formatRecordType(type)} ${formatRecordData(type, rdata)}`);
}

/** Asks other name servers in memory, by their addresses. */
export function exchangeWith(servers: Readonly<Record<string, NameServer>>, from: string): PeerExchange {
  const find = (address: string) => servers[address] ?? assert.fail(`nobody is at ${address}`);
  return {
    async datagram({ address }, octets) {
      const answer = await find(address).handleDatagram(octets, { address: from, transport: "udp" });
      return answer ?? (await new Promise<Buffer>(() => {}));
    },
    async *stream({ address }, octets) {
      const answer = await find(address).handleStream(octets, { address: from, transport: "tcp" });
      if (answer === undefined) return;
      if (Buffer.isBuffer(answer)) yield answer;
      else yield* answer;
    },
  };
}
