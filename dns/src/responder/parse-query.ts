import { classes, flagBits, headerOctets } from "../message/index.ts";
import { maximumNameOctets } from "../name/index.ts";
import { optionCodes } from "./edns-reply.ts";

/** An ordinary query: one question of class IN, perhaps an OPT record, nothing else. Used again for the next one: what is to be kept is copied. */
export class PlainQuery {
  /** The question's name in lower case, its type behind it: what the same answer belongs to. As octets. */
  readonly #key = Buffer.alloc(maximumNameOctets + 2);
  nameOctets = 0;
  type = 0;
  /** Where the question ends in the message. */
  end = 0;
  hasEdns = false;
  wantsDnssec = false;
  udpPayloadSize = 0;
  /** The COOKIE option's place; -1 without one. */
  cookieAt = -1;
  cookieOctets = 0;
  wantsNsid = false;
  wantsExpire = false;

  /** The name in lower case and the type, as a string of octets. */
  get key(): string {
    return this.#key.toString("latin1", 0, this.nameOctets + 2);
  }

  /** The name in lower case. */
  get name(): string {
    return this.#key.toString("latin1", 0, this.nameOctets);
  }

  /** False where a packet is anything else, well-formed or not: the long way finds out what. */
  parse(octets: Buffer): boolean {
    if (octets.length < headerOctets + 5) return false;
    // QR, opcode and TC are 0; RD, AD and CD may be anything, as clients have it.
    if (((octets[2] ?? 0) & 0xfe) !== 0 || octets.readUInt32BE(4) !== 0x0001_0000) return false;
    if (octets.readUInt16BE(8) !== 0 || octets[10] !== 0) return false;
    const additional = octets[11] ?? 0;
    if (additional > 1 || !this.#parseQuestion(octets)) return false;
    this.hasEdns = false;
    this.wantsDnssec = false;
    this.cookieAt = -1;
    this.wantsNsid = false;
    this.wantsExpire = false;
    return additional === 0 ? this.end === octets.length : this.#parseEdns(octets);
  }

  #parseQuestion(octets: Buffer): boolean {
    const key = this.#key;
    let at = headerOctets;
    let to = 0;
    for (;;) {
      const length = octets[at] ?? 64;
      if (length > 63 || to + length + 1 > maximumNameOctets || at + length + 5 > octets.length) return false;
      key[to++] = length;
      at += 1;
      if (length === 0) break;
      for (const end = at + length; at < end; at += 1) {
        const octet = octets[at] ?? 0;
        key[to++] = octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
      }
    }
    this.nameOctets = to;
    const [typeHigh = 0, typeLow = 0] = [octets[at], octets[at + 1]];
    key[to] = typeHigh;
    key[to + 1] = typeLow;
    this.type = typeHigh * 256 + typeLow;
    this.end = at + 4;
    return octets.readUInt16BE(at + 2) === classes.IN && (this.type < 128 || this.type > 254) && this.type !== 41;
  }

  #parseEdns(octets: Buffer): boolean {
    const at = this.end;
    if (at + 11 > octets.length || octets[at] !== 0 || octets.readUInt16BE(at + 1) !== 41) return false;
    // Another version than 0 is answered the long way.
    if (octets[at + 6] !== 0 || at + 11 + octets.readUInt16BE(at + 9) !== octets.length) return false;
    this.hasEdns = true;
    this.udpPayloadSize = octets.readUInt16BE(at + 3);
    this.wantsDnssec = ((octets[at + 7] ?? 0) & 0x80) !== 0;
    for (let option = at + 11; option < octets.length; ) {
      if (option + 4 > octets.length) return false;
      const code = octets.readUInt16BE(option);
      const length = octets.readUInt16BE(option + 2);
      if (option + 4 + length > octets.length) return false;
      if (code === optionCodes.NSID) this.wantsNsid = true;
      if (code === optionCodes.EXPIRE) this.wantsExpire = true;
      if (code === optionCodes.COOKIE && this.cookieAt < 0) {
        this.cookieAt = option + 4;
        this.cookieOctets = length;
      }
      option += 4 + length;
    }
    return true;
  }
}

/** The flags of a query that go back as they are. */
export const returnedFlags = flagBits.RD | flagBits.CD;
