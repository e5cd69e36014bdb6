import { crc32 } from "node:zlib";

/** One result on its way by NSCA. Lengths are of UTF-8 bytes. */
export interface NscaResult {
  /** At most 63 bytes. */
  readonly host: string;
  /** At most 127 bytes; null or "" is a result of the host itself. */
  readonly service: string | null;
  readonly returnCode: number;
  /** At most 4,095 bytes (511 in the old form); several lines are allowed. */
  readonly output: string;
}

export interface NscaPacket extends NscaResult {
  /** The daemon's own clock at the greeting, in seconds. */
  readonly timestampSeconds: number;
}

const hostAt = 14;
const serviceAt = 78;
const outputAt = 206;

/** Today's form has 4096 bytes of output, that before 2.9 had 512; both end in 2 bytes of padding. */
export const packetLength = 4304;
export const oldPacketLength = 720;

/** How many bytes a packet has room for, without the NUL that ends each. */
export const fieldBytes = { host: 63, service: 127, output: 4_095 } as const;

/** Reads a decrypted packet of either length; a reason when its version or CRC says that it was not meant so (or the password is wrong). */
export function readNscaPacket(bytes: Buffer): NscaPacket | string {
  const version = bytes.readInt16BE(0);
  if (bytes.readUInt32BE(4) !== checksum(bytes))
    return "the CRC is wrong: another password or method, or not NSCA at all";
  if (version !== 3) return `packet version ${version} is not 3`;
  return {
    timestampSeconds: bytes.readUInt32BE(8),
    returnCode: bytes.readInt16BE(12),
    host: textAt(bytes, hostAt, serviceAt),
    service: textAt(bytes, serviceAt, outputAt),
    output: textAt(bytes, outputAt, bytes.length - 2),
  };
}

/** The bytes of a packet before encryption. Texts that are too long are cut, between characters. */
export function writeNscaPacket(packet: NscaPacket): Buffer {
  const bytes = Buffer.alloc(packetLength);
  bytes.writeInt16BE(3, 0);
  bytes.writeUInt32BE(packet.timestampSeconds >>> 0, 8);
  bytes.writeInt16BE(packet.returnCode, 12);
  // `write` never writes a part of a character.
  bytes.write(packet.host, hostAt, fieldBytes.host, "utf8");
  bytes.write(packet.service ?? "", serviceAt, fieldBytes.service, "utf8");
  bytes.write(packet.output, outputAt, fieldBytes.output, "utf8");
  bytes.writeUInt32BE(checksum(bytes), 4);
  return bytes;
}

const zeroField = Buffer.alloc(4);

function checksum(bytes: Buffer): number {
  return crc32(bytes.subarray(8), crc32(zeroField, crc32(bytes.subarray(0, 4))));
}

function textAt(bytes: Buffer, start: number, end: number): string {
  const nul = bytes.indexOf(0, start);
  return bytes.toString("utf8", start, nul === -1 || nul > end ? end : nul);
}
