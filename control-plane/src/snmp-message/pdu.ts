import { BerReader, oidOf, SnmpMessageError } from "./ber-reader.ts";
import { element, integerElement } from "./ber-writer.ts";
import { type BoundObject, readVarbinds, varbindElement } from "./varbind.ts";

const types = {
  160: "get",
  161: "getNext",
  162: "response",
  163: "set",
  165: "getBulk",
  166: "inform",
  167: "trap",
  168: "report",
} as const;

/** A PDU of RFC 3416. Of getBulk, `errorStatus` is non-repeaters and `errorIndex` max-repetitions. */
export interface Pdu {
  readonly type: (typeof types)[keyof typeof types];
  readonly requestId: number;
  readonly errorStatus: number;
  readonly errorIndex: number;
  readonly varbinds: readonly BoundObject[];
}

/** The Trap-PDU of version 1 (RFC 1157 §4.1.6). */
export interface TrapV1 {
  readonly type: "trapV1";
  readonly enterprise: string;
  readonly agentAddress: string;
  readonly genericTrap: number;
  readonly specificTrap: number;
  readonly timestamp: number;
  readonly varbinds: readonly BoundObject[];
}

/** RFC 3416 §3. */
export const errorStatus = { noError: 0, tooBig: 1, noSuchName: 2, notWritable: 17, genErr: 5 } as const;

/** Throws SnmpMessageError. */
export function readPdu(reader: BerReader): Pdu | TrapV1 {
  const { tag, content, start } = reader.next();
  const inner = new BerReader(content, start);
  if (tag === 0xa4) return readTrapV1(inner);
  const type = isKnown(tag) ? types[tag] : undefined;
  if (type === undefined) throw new SnmpMessageError(`a PDU has tag ${tag}, which SNMP does not know`);
  return {
    type,
    requestId: inner.integer(),
    errorStatus: inner.integer(),
    errorIndex: inner.integer(),
    varbinds: readVarbinds(inner),
  };
}

function isKnown(tag: number): tag is keyof typeof types {
  return Object.hasOwn(types, tag);
}

function readTrapV1(reader: BerReader): TrapV1 {
  const enterprise = oidOf(reader.expect(0x06).content);
  const address = reader.expect(0x40).content;
  if (address.length !== 4) throw new SnmpMessageError("an address has not four octets");
  return {
    type: "trapV1",
    enterprise,
    agentAddress: [...address].join("."),
    genericTrap: reader.integer(),
    specificTrap: reader.integer(),
    timestamp: Number(BigInt.asUintN(32, BigInt(`0x${reader.expect(0x43).content.toString("hex") || "0"}`))),
    varbinds: readVarbinds(reader),
  };
}

/** An answer to a request, whole. Pure. */
export function responseElement(
  requestId: number,
  status: number,
  index: number,
  varbinds: readonly Buffer[],
  type: "response" | "report" = "response",
): Buffer {
  return element(
    type === "response" ? 0xa2 : 0xa8,
    integerElement(requestId),
    integerElement(status),
    integerElement(index),
    element(0x30, ...varbinds),
  );
}

/** Pure. */
export function varbindElements(varbinds: readonly BoundObject[]): Buffer[] {
  return varbinds.map(varbindElement);
}
