/** What the daemon says first. */
export interface NscaGreeting {
  /** 128 random bytes. */
  readonly iv: Buffer;
  /** The daemon's clock, in seconds; results carry it back, and are too old when it is. */
  readonly timestampSeconds: number;
}

export const greetingLength = 132;
export const ivLength = 128;

/** Reads the first `greetingLength` bytes of a connection. */
export function readGreeting(bytes: Buffer): NscaGreeting {
  return { iv: Buffer.from(bytes.subarray(0, ivLength)), timestampSeconds: bytes.readUInt32BE(ivLength) };
}

/** The bytes of a greeting; `iv` has 128. */
export function writeGreeting({ iv, timestampSeconds }: NscaGreeting): Buffer {
  const bytes = Buffer.alloc(greetingLength);
  iv.copy(bytes, 0, 0, ivLength);
  bytes.writeUInt32BE(timestampSeconds >>> 0, ivLength);
  return bytes;
}
