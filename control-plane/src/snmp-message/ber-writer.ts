/** An element of the Basic Encoding Rules, with a length in as few octets as it takes. Pure. */
export function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([headOf(tag, body.length), body]);
}

function headOf(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  if (length < 0x100) return Buffer.from([tag, 0x81, length]);
  if (length < 0x1_0000) return Buffer.from([tag, 0x82, length >> 8, length & 0xff]);
  return Buffer.from([tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]);
}

/** Pure. */
export function integerElement(value: number | bigint, tag = 0x02): Buffer {
  if (typeof value === "number" && value >= 0 && value < 0x80) return Buffer.from([tag, 1, value]);
  let hex = BigInt.asUintN(72, BigInt(value)).toString(16).padStart(18, "0");
  // As short as it may be: leading octets that only repeat the sign go.
  while (hex.length > 2 && (/^00[0-7]/.test(hex) || /^ff[89a-f]/.test(hex))) hex = hex.slice(2);
  return element(tag, Buffer.from(hex, "hex"));
}

/** Pure. */
export function oidElement(oid: string): Buffer {
  const [first = 1, second = 3, ...rest] = oid.split(".").map(Number);
  const octets: number[] = [];
  for (const number of [first * 40 + second, ...rest]) {
    let shift = 1;
    while (number >= 128 ** shift) shift += 1;
    for (let left = shift - 1; left > 0; left -= 1) octets.push((Math.floor(number / 128 ** left) % 128) | 0x80);
    octets.push(number % 128);
  }
  return element(0x06, Buffer.from(octets));
}
