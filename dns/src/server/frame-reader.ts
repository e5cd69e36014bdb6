/**
 * Cuts a stream into messages, each with its length in two octets before it (RFC 1035 §4.2.2). What is not whole yet is kept: at most one message of
 * 65,535 octets.
 */
export class FrameReader {
  #kept: Buffer[] = [];
  #length = 0;

  /** The messages that are whole now. They are views of what came, or copies where that was cut. */
  push(octets: Buffer): Buffer[] {
    this.#kept.push(octets);
    this.#length += octets.length;
    if (this.#length < this.#wanted()) return [];
    const all = this.#kept.length === 1 ? octets : Buffer.concat(this.#kept);
    const frames: Buffer[] = [];
    let at = 0;
    while (at + 2 <= all.length) {
      const end = at + 2 + all.readUInt16BE(at);
      if (end > all.length) break;
      frames.push(all.subarray(at + 2, end));
      at = end;
    }
    const rest = all.subarray(at);
    this.#kept = rest.length === 0 ? [] : [Buffer.from(rest)];
    this.#length = rest.length;
    return frames;
  }

  /** Octets that are needed before anything is whole, so that a message that comes in many pieces is put together once. */
  #wanted(): number {
    const [first, second] = this.#kept;
    if (first === undefined || this.#length < 2) return 2;
    const high = first[0] ?? 0;
    const low = first.length > 1 ? (first[1] ?? 0) : (second?.[0] ?? 0);
    return 2 + high * 256 + low;
  }
}

/** A message as a stream carries it. */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(2 + message.length);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, 2);
  return framed;
}
