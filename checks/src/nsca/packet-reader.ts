import type { NscaCipher } from "./cipher.ts";
import { type NscaPacket, oldPacketLength, packetLength, readNscaPacket } from "./packet.ts";

/**
 * Puts the bytes of a connection together to packets. Keeps less than one packet. A packet that cannot be read ends it: of most methods nothing
 * after it can be read either.
 */
export class NscaPacketReader {
  readonly #decrypt: NscaCipher;
  #rest: Buffer = Buffer.alloc(0);
  #hasRead = false;

  constructor(decrypt: NscaCipher) {
    this.#decrypt = decrypt;
  }

  /** The packets that are whole with these bytes; the last element is a reason (text) when reading cannot go on. */
  push(bytes: Buffer): (NscaPacket | string)[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const packets: (NscaPacket | string)[] = [];
    let at = 0;
    for (; at + packetLength <= all.length; at += packetLength) {
      this.#hasRead = true;
      const packet = readNscaPacket(this.#decrypt(all.subarray(at, at + packetLength)));
      packets.push(packet);
      if (typeof packet === "string") break;
    }
    // A copy: a view would keep the whole received piece in memory.
    this.#rest = Buffer.from(all.subarray(Math.min(at, all.length)));
    return packets;
  }

  /** What is left when the sender has closed: the one packet of an old send_nsca, a reason, or undefined for nothing. */
  end(): NscaPacket | string | undefined {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length === 0) return undefined;
    if (rest.length === oldPacketLength && !this.#hasRead) return readNscaPacket(this.#decrypt(rest));
    return `the connection ended after ${rest.length} bytes of a packet`;
  }
}
