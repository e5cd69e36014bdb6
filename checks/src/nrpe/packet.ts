import { crc32 } from "node:zlib";

export type NrpeVersion = 2 | 3 | 4;

/** A query (client to daemon) or the response to it. */
export interface NrpePacket {
  readonly version: NrpeVersion;
  readonly type: "query" | "response";
  /** 0 to 3 in a response; a query's is random bytes, and means nothing. */
  readonly resultCode: number;
  /** Without the NUL that ends it. */
  readonly text: Buffer;
}

/** What the bytes received so far are. `fault` is for good: there is no way to find the next packet. */
export type ReadNrpe =
  | { readonly kind: "incomplete" }
  | { readonly kind: "packet"; readonly packet: NrpePacket; readonly length: number }
  | { readonly kind: "fault"; readonly reason: string };

const types = { query: 1, response: 2 } as const;

/** Version 2 is one size: a 10-byte header, 1024 bytes of text, 2 bytes of padding. */
const lengthOfV2 = 1036;
const headerOfV2 = 10;
const textOfV2 = 1024;
/** Versions 3 and 4 have a header with the text's length. */
const headerOfV3 = 16;
/** Padding behind the text: version 3's structure is rounded up, and its CRC covers that. */
const padding = { 3: 3, 4: 0 } as const;
/** check_nrpe makes its queries as long as version 2's. */
const shortestQuery = 1036;

/** The longest text of a response, without its NUL: what check_nrpe takes of versions 3 and 4 (64 KiB), or of version 2. */
export const maximumText = { 2: 1023, 3: 65_535, 4: 65_535 } as const;

/**
 * Reads the packet at the start of `bytes`. `maximumTextBytes` bounds what a peer can make us keep: a packet that announces more is a fault at
 * once, before it has come. Never throws.
 */
export function readNrpePacket(bytes: Buffer, maximumTextBytes: number): ReadNrpe {
  if (bytes.length < 2) return { kind: "incomplete" };
  const version = bytes.readInt16BE(0);
  if (version !== 2 && version !== 3 && version !== 4)
    return fault(`protocol version ${version} is none of 2, 3 and 4`);
  if (bytes.length < headerOfV3) return { kind: "incomplete" };
  const type = bytes.readInt16BE(2);
  if (type !== types.query && type !== types.response)
    return fault(`packet type ${type} is neither query nor response`);
  const textLength = version === 2 ? textOfV2 : bytes.readInt32BE(12);
  if (textLength < 0 || textLength > Math.max(maximumTextBytes + 1, textOfV2)) {
    return fault(`the packet announces ${textLength} bytes, more than ${maximumTextBytes}`);
  }
  const length = version === 2 ? lengthOfV2 : headerOfV3 + textLength + padding[version];
  if (bytes.length < length) return { kind: "incomplete" };
  const packet = bytes.subarray(0, length);
  if (packet.readUInt32BE(4) !== checksum(packet)) return fault("the packet's CRC is wrong");
  const textAt = version === 2 ? headerOfV2 : headerOfV3;
  const text = untilNul(packet.subarray(textAt, textAt + textLength));
  const resultCode = packet.readInt16BE(8);
  return {
    kind: "packet",
    packet: { version, type: type === types.query ? "query" : "response", resultCode, text },
    length,
  };
}

/** The bytes of a packet; a text too long for its version is cut (see `maximumText`). */
export function writeNrpePacket({ version, type, resultCode, text }: NrpePacket): Buffer {
  const kept = text.subarray(0, maximumText[version]);
  const room = type === "query" ? shortestQuery - headerOfV3 - (version === 2 ? 0 : padding[version]) : 0;
  const textLength = version === 2 ? textOfV2 : Math.max(kept.length + 1, room);
  const packet = Buffer.alloc(version === 2 ? lengthOfV2 : headerOfV3 + textLength + padding[version]);
  packet.writeInt16BE(version, 0);
  packet.writeInt16BE(types[type], 2);
  packet.writeInt16BE(resultCode, 8);
  if (version !== 2) packet.writeInt32BE(textLength, 12);
  kept.copy(packet, version === 2 ? headerOfV2 : headerOfV3);
  packet.writeUInt32BE(checksum(packet), 4);
  return packet;
}

const zeroField = Buffer.alloc(4);

function checksum(packet: Buffer): number {
  return crc32(packet.subarray(8), crc32(zeroField, crc32(packet.subarray(0, 4))));
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

function fault(reason: string): ReadNrpe {
  return { kind: "fault", reason };
}
