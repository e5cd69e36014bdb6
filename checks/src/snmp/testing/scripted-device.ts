import { createSocket } from "node:dgram";
import { once } from "node:events";
import { SnmpSecurity } from "@mycloud/protocol/snmp";
import { compareOids } from "../compare-oids.ts";
import type { SnmpTarget } from "../snmp-target.ts";
import type { SnmpValue, SnmpVarbind } from "../snmp-value.ts";
import { decode, decodeAll, decodeOid, encode, encodeInteger, encodeOid, encodeValue } from "./ber.ts";

/** What a device is about to answer; a script may change any of it. */
export interface ScriptedAnswer {
  requestId: number;
  errorStatus: number;
  errorIndex: number;
  varbinds: SnmpVarbind[];
}

export interface ScriptedRequest {
  readonly pdu: "get" | "getNext" | "getBulk";
  readonly oids: readonly string[];
  readonly repetitions: number;
}

/** For tests: a device of version 2c whose objects are what the test says, at any time, and that may answer as no device should. */
export interface ScriptedDevice {
  /** Values by OID. */
  readonly objects: Map<string, SnmpValue>;
  readonly requests: ScriptedRequest[];
  /** Changes an answer, or gives the bytes to send instead; null: none. */
  script: ((answer: ScriptedAnswer, request: ScriptedRequest) => ScriptedAnswer | Buffer | null) | undefined;
  /** The message that an answer would be. */
  encoded(answer: ScriptedAnswer): Buffer;
  readonly target: SnmpTarget;
  [Symbol.asyncDispose](): Promise<void>;
}

const pdus = { 160: "get", 161: "getNext", 165: "getBulk" } as const;
const absent: SnmpValue = { kind: "absent", value: "no such instance" };
const end: SnmpValue = { kind: "absent", value: "end of the device's objects" };

export async function startScriptedDevice(objects: Readonly<Record<string, SnmpValue>> = {}): Promise<ScriptedDevice> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const security = SnmpSecurity.parse({ version: "2c", community: "public" });
  const { port } = socket.address();
  const device: ScriptedDevice = {
    objects: new Map(Object.entries(objects)),
    requests: [],
    script: undefined,
    encoded: (answer) => encodeMessage(Buffer.from("public"), answer),
    target: { host: "127.0.0.1", port, family: 4, security, timeoutMs: 1_000, retries: 1 },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
  socket.on("message", (message, from) => {
    const reply = replyTo(device, message);
    if (reply !== null) socket.send(reply, from.port, from.address);
  });
  return device;
}

function replyTo(device: ScriptedDevice, message: Buffer): Buffer | null {
  const [, community = Buffer.alloc(0)] = decodeAll(decode(message).content);
  let left = decode(message).content;
  left = decode(decode(left).rest).rest;
  const { tag, content } = decode(left);
  const pdu = pdus[tag as keyof typeof pdus];
  const [id = Buffer.alloc(1), , repetitions = Buffer.alloc(1), varbinds = Buffer.alloc(0)] = decodeAll(content);
  const oids = decodeAll(varbinds).map((varbind) => decodeOid(decode(varbind).content));
  const request: ScriptedRequest = { pdu, oids, repetitions: repetitions.readUIntBE(0, repetitions.length) };
  device.requests.push(request);
  const answer: ScriptedAnswer = {
    requestId: id.readIntBE(0, id.length),
    errorStatus: 0,
    errorIndex: 0,
    varbinds: answerTo(device, request),
  };
  const scripted = device.script === undefined ? answer : device.script(answer, request);
  if (scripted === null || Buffer.isBuffer(scripted)) return scripted;
  return encodeMessage(community, scripted);
}

function encodeMessage(community: Buffer, answer: ScriptedAnswer): Buffer {
  return encode(0x30, encodeInteger(1), encode(0x04, community), encodePdu(answer));
}

function encodePdu({ requestId, errorStatus, errorIndex, varbinds }: ScriptedAnswer): Buffer {
  const pairs = varbinds.map(({ oid, value }) => encode(0x30, encodeOid(oid), encodeValue(value)));
  return encode(
    0xa2,
    encodeInteger(requestId),
    encodeInteger(errorStatus),
    encodeInteger(errorIndex),
    encode(0x30, pairs),
  );
}

function answerTo({ objects }: ScriptedDevice, { pdu, oids, repetitions }: ScriptedRequest): SnmpVarbind[] {
  const sorted = [...objects.keys()].sort(compareOids);
  const next = (oid: string): SnmpVarbind => {
    const found = sorted.find((known) => compareOids(known, oid) > 0);
    return found === undefined ? { oid, value: end } : { oid: found, value: objects.get(found) ?? end };
  };
  if (pdu === "get") return oids.map((oid) => ({ oid, value: objects.get(oid) ?? absent }));
  if (pdu === "getNext") return oids.map(next);
  const answers: SnmpVarbind[] = [];
  let from = [...oids];
  for (let at = 0; at < repetitions; at++) {
    const row = from.map(next);
    answers.push(...row);
    from = row.map(({ oid }) => oid);
  }
  return answers;
}

/** For tests: values in few words. */
export const text = (value: string): SnmpValue => ({ kind: "octets", value: Buffer.from(value) });
export const integer = (value: number): SnmpValue => ({ kind: "integer", value });
export const gauge = (value: number): SnmpValue => ({ kind: "gauge32", value });
export const counter = (value: number): SnmpValue => ({ kind: "counter32", value });
export const counter64 = (value: bigint): SnmpValue => ({ kind: "counter64", value });
export const ticks = (value: number): SnmpValue => ({ kind: "timeticks", value });
