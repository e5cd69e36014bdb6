/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) of `octets` with a key of 16, as 8 octets, little-endian. 64 bits are kept as pairs of 32, since BigInt
 * takes twenty times as long.
 */
export function sipHash24(key: Buffer, octets: Uint8Array): Buffer {
  const state = new SipState(key);
  const whole = octets.length - (octets.length % 8);
  for (let at = 0; at < whole; at += 8) state.take(word(octets, at), word(octets, at + 4));
  let low = 0;
  let high = (octets.length & 255) << 24;
  for (let at = whole; at < octets.length; at += 1) {
    const shift = 8 * (at - whole);
    if (shift < 32) low |= (octets[at] ?? 0) << shift;
    else high |= (octets[at] ?? 0) << (shift - 32);
  }
  state.take(low, high);
  return state.finish();
}

function word(octets: Uint8Array, at: number): number {
  return (
    (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8) | ((octets[at + 2] ?? 0) << 16) | ((octets[at + 3] ?? 0) << 24)
  );
}

/** Four words of 64 bits: v[2n] is the lower half of the n-th, v[2n + 1] its upper one. */
class SipState {
  readonly #v: Int32Array;

  constructor(key: Buffer) {
    const [k0, k1, k2, k3] = [key.readInt32LE(0), key.readInt32LE(4), key.readInt32LE(8), key.readInt32LE(12)];
    this.#v = Int32Array.of(
      ...[k0 ^ 0x70736575, k1 ^ 0x736f6d65, k2 ^ 0x6e646f6d, k3 ^ 0x646f7261],
      ...[k0 ^ 0x6e657261, k1 ^ 0x6c796765, k2 ^ 0x79746573, k3 ^ 0x74656462],
    );
  }

  take(low: number, high: number): void {
    const v = this.#v;
    v[6] = (v[6] ?? 0) ^ low;
    v[7] = (v[7] ?? 0) ^ high;
    this.#round();
    this.#round();
    v[0] = (v[0] ?? 0) ^ low;
    v[1] = (v[1] ?? 0) ^ high;
  }

  finish(): Buffer {
    const v = this.#v;
    v[4] = (v[4] ?? 0) ^ 0xff;
    for (let round = 0; round < 4; round += 1) this.#round();
    const hash = Buffer.allocUnsafe(8);
    hash.writeInt32LE((v[0] ?? 0) ^ (v[2] ?? 0) ^ (v[4] ?? 0) ^ (v[6] ?? 0), 0);
    hash.writeInt32LE((v[1] ?? 0) ^ (v[3] ?? 0) ^ (v[5] ?? 0) ^ (v[7] ?? 0), 4);
    return hash;
  }

  #round(): void {
    this.#mix(0, 2, 13);
    this.#swapHalves(0);
    this.#mix(4, 6, 16);
    this.#mix(0, 6, 21);
    this.#mix(4, 2, 17);
    this.#swapHalves(4);
  }

  /** a += b, b <<<= bits, b ^= a. */
  #mix(a: number, b: number, bits: number): void {
    const v = this.#v;
    const [bLow, bHigh] = [v[b] ?? 0, v[b + 1] ?? 0];
    const low = ((v[a] ?? 0) >>> 0) + (bLow >>> 0);
    v[a] = low;
    v[a + 1] = (v[a + 1] ?? 0) + bHigh + (low > 0xffff_ffff ? 1 : 0);
    v[b] = ((bLow << bits) | (bHigh >>> (32 - bits))) ^ (v[a] ?? 0);
    v[b + 1] = ((bHigh << bits) | (bLow >>> (32 - bits))) ^ (v[a + 1] ?? 0);
  }

  /** Rotates by 32 bits. */
  #swapHalves(a: number): void {
    const v = this.#v;
    const low = v[a] ?? 0;
    v[a] = v[a + 1] ?? 0;
    v[a + 1] = low;
  }
}
