import type { SnmpValue } from "../snmp-value.ts";

/** For tests: just enough of the Basic Encoding Rules to answer as a device does, or as none should. */
export function encode(tag: number, ...contents: readonly (Buffer | readonly Buffer[])[]): Buffer {
  const body = Buffer.concat(contents.flat());
  const length =
    body.length < 128 ? Buffer.from([body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
}

export function encodeInteger(value: number | bigint, tag = 0x02): Buffer {
  let hex = BigInt.asUintN(72, BigInt(value)).toString(16).padStart(18, "0");
  // As short as it may be: leading octets that only repeat the sign go.
  while (hex.length > 2 && (/^00[0-7]/.test(hex) || /^ff[89a-f]/.test(hex))) hex = hex.slice(2);
  return encode(tag, Buffer.from(hex, "hex"));
}

export function encodeOid(oid: string, tag = 0x06): Buffer {
  const [first = 1, second = 3, ...rest] = oid.split(".").map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((number) => {
    const groups = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left % 128) | 128);
    return groups;
  });
  return encode(tag, Buffer.from(octets));
}

const integerTags = { integer: 0x02, counter32: 0x41, gauge32: 0x42, timeticks: 0x43, counter64: 0x46 } as const;
const absentTags = { "no such object": 0x80, "no such instance": 0x81, "end of the device's objects": 0x82 } as const;

export function encodeValue(value: SnmpValue): Buffer {
  switch (value.kind) {
    case "octets":
      return encode(0x04, value.value);
    case "oid":
      return encodeOid(value.value);
    case "address":
      return encode(0x40, Buffer.from(value.value.split(".").map(Number)));
    case "absent":
      return encode(absentTags[value.value]);
    case "float": {
      const opaque = Buffer.from([0x9f, 0x78, 4, 0, 0, 0, 0]);
      opaque.writeFloatBE(value.value, 3);
      return encode(0x44, opaque);
    }
    default:
      return encodeInteger(value.value, integerTags[value.kind]);
  }
}

/** One element: its tag, its content, and what follows it. */
export function decode(bytes: Buffer): { readonly tag: number; readonly content: Buffer; readonly rest: Buffer } {
  const tag = bytes.readUInt8(0);
  let length = bytes.readUInt8(1);
  let start = 2;
  if (length > 128) {
    const octets = length - 128;
    length = bytes.readUIntBE(2, octets);
    start += octets;
  }
  return { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

export function decodeAll(bytes: Buffer): Buffer[] {
  const contents: Buffer[] = [];
  for (let left = bytes; left.length > 0; ) {
    const { content, rest } = decode(left);
    contents.push(content);
    left = rest;
  }
  return contents;
}

export function decodeOid(content: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const octet of content) {
    number = number * 128 + (octet & 127);
    if (octet < 128) {
      numbers.push(number);
      number = 0;
    }
  }
  const [first = 0, ...rest] = numbers;
  return [Math.min(Math.floor(first / 40), 2), first - Math.min(Math.floor(first / 40), 2) * 40, ...rest].join(".");
}
