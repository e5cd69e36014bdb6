import type { LabelSet } from "@mycloud/protocol/alert";

/**
 * The fingerprint of labels as Prometheus and Alertmanager compute it: FNV-1a, 64 bits, over the names in order, each followed by 0xff, its value
 * and 0xff; 16 hex digits. Pure.
 */
export function fingerprintOf(labels: LabelSet): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const add = (byte: number) => {
    low = (low ^ byte) >>> 0;
    // Times 2^40 + 0x1b3, in halves of 32 bits.
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
    low = product >>> 0;
  };
  // Names sort by their bytes, as Go sorts strings.
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    for (const byte of Buffer.from(name)) add(byte);
    add(0xff);
    for (const byte of Buffer.from(labels[name] ?? "")) add(byte);
    add(0xff);
  }
  return hex(high) + hex(low);
}

function hex(half: number): string {
  return half.toString(16).padStart(8, "0");
}
