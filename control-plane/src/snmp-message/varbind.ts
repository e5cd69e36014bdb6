import { type BerReader, oidOf, SnmpMessageError, signedOf } from "./ber-reader.ts";
import { element, integerElement, oidElement } from "./ber-writer.ts";

/** A value with its type, as RFC 3416 has them. */
export type BoundValue =
  | { readonly type: "integer" | "counter32" | "gauge32" | "timeticks"; readonly value: number }
  | { readonly type: "counter64"; readonly value: bigint }
  | { readonly type: "octets" | "opaque"; readonly value: Buffer }
  | { readonly type: "oid" | "address"; readonly value: string }
  | { readonly type: "null" | "noSuchObject" | "noSuchInstance" | "endOfMibView" };

export interface BoundObject {
  readonly oid: string;
  readonly bound: BoundValue;
}

/** More are in no message that fits into a datagram and means something. */
const mostVarbinds = 1_000;
const emptyTags = { null: 0x05, noSuchObject: 0x80, noSuchInstance: 0x81, endOfMibView: 0x82 } as const;
const numberTags = { integer: 0x02, counter32: 0x41, gauge32: 0x42, timeticks: 0x43, counter64: 0x46 } as const;

/** Throws SnmpMessageError. */
export function readVarbinds(reader: BerReader): BoundObject[] {
  const list = reader.enter(0x30);
  const varbinds: BoundObject[] = [];
  while (!list.isAtEnd) {
    if (varbinds.length >= mostVarbinds) throw new SnmpMessageError(`there are more than ${mostVarbinds} varbinds`);
    const pair = list.enter(0x30);
    const oid = oidOf(pair.expect(0x06).content);
    const { tag, content } = pair.next();
    varbinds.push({ oid, bound: readValue(tag, content) });
  }
  return varbinds;
}

function readValue(tag: number, content: Buffer): BoundValue {
  switch (tag) {
    case 0x02:
      return { type: "integer", value: Number(signedOf(content)) };
    case 0x41:
    case 0x42:
    case 0x43: {
      // Some devices forget the zero before a number of 32 bits whose first bit is set.
      const value = Number(BigInt.asUintN(32, signedOf(content)));
      return { type: tag === 0x41 ? "counter32" : tag === 0x42 ? "gauge32" : "timeticks", value };
    }
    case 0x46:
      return { type: "counter64", value: BigInt.asUintN(64, signedOf(content)) };
    case 0x04:
      return { type: "octets", value: content };
    case 0x44:
      return { type: "opaque", value: content };
    case 0x06:
      return { type: "oid", value: oidOf(content) };
    case 0x40:
      if (content.length !== 4) throw new SnmpMessageError("an address has not four octets");
      return { type: "address", value: [...content].join(".") };
    case 0x05:
      return { type: "null" };
    case 0x80:
      return { type: "noSuchObject" };
    case 0x81:
      return { type: "noSuchInstance" };
    case 0x82:
      return { type: "endOfMibView" };
    default:
      throw new SnmpMessageError(`a value has tag ${tag}, which SNMP does not know`);
  }
}

/** Pure. */
export function varbindElement({ oid, bound }: BoundObject): Buffer {
  return element(0x30, oidElement(oid), valueElement(bound));
}

function valueElement(bound: BoundValue): Buffer {
  switch (bound.type) {
    case "octets":
      return element(0x04, bound.value);
    case "opaque":
      return element(0x44, bound.value);
    case "oid":
      return oidElement(bound.value);
    case "address":
      return element(0x40, Buffer.from(bound.value.split(".").map(Number)));
    case "integer":
    case "counter32":
    case "gauge32":
    case "timeticks":
    case "counter64":
      return integerElement(bound.value, numberTags[bound.type]);
    default:
      return element(emptyTags[bound.type]);
  }
}

/** As people read it: text where it is text, else octets in hexadecimal. Pure. */
export function textOfValue(bound: BoundValue): string {
  switch (bound.type) {
    case "octets":
    case "opaque":
      return textOfOctets(bound.value);
    case "oid":
    case "address":
      return bound.value;
    case "integer":
    case "counter32":
    case "gauge32":
    case "timeticks":
    case "counter64":
      return String(bound.value);
    default:
      return "";
  }
}

function textOfOctets(octets: Buffer): string {
  // Devices written in C end their texts with a zero.
  const text = octets.toString("utf8").replace(/\0+$/, "");
  const isText = !text.includes("\uFFFD") && !/[^\P{Cc}\t\r\n]/u.test(text);
  return isText ? text : octets.toString("hex").replace(/(..)(?=.)/g, "$1:");
}
