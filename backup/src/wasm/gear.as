// The gear hash of FastCDC (W. Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach", 2016): for every byte,
// hash = 2*hash + table[byte], so the hash depends on the last 64 bytes alone and its high bits on all of them.
// AssemblyScript, without its runtime: every address here is our own.

// Memory: the table of 256 random 64-bit numbers, then the bytes to look at.
export const tableAt: usize = 1024;
export const inputAt: usize = 4096;
export const inputBytes: i32 = 32 * 1024;

let hash: u64 = 0;

// @ts-ignore: a decorator of AssemblyScript
@inline
function next(hash: u64, byte: u32): u64 {
  return (hash << 1) + load<u64>(byte << 3, tableAt);
}

/** Begins a chunk. */
export function begin(): void {
  hash = 0;
}

/** Takes bytes up to offset `end` of the input without looking for a boundary. */
export function roll(end: i32): void {
  let h = hash;
  for (let at = inputAt; at < inputAt + end; at++) h = next(h, load<u8>(at));
  hash = h;
}

/**
 * Takes the bytes of the input from offset `from` to `end` until the `bits` highest bits of the hash are zero: the offset behind that
 * byte, or -1 when there is none.
 */
export function scan(from: i32, end: i32, bits: i32): i32 {
  const mask: u64 = ~((<u64>-1) >> <u64>bits);
  let h = hash;
  let at: usize = inputAt + from;
  const last: usize = inputAt + end;
  const last4: usize = last - (<usize>(end - from) & 3);
  while (at < last4) {
    h = next(h, load<u8>(at));
    if (!(h & mask)) return found(h, at);
    h = next(h, load<u8>(at, 1));
    if (!(h & mask)) return found(h, at + 1);
    h = next(h, load<u8>(at, 2));
    if (!(h & mask)) return found(h, at + 2);
    h = next(h, load<u8>(at, 3));
    if (!(h & mask)) return found(h, at + 3);
    at += 4;
  }
  for (; at < last; at++) {
    h = next(h, load<u8>(at));
    if (!(h & mask)) return found(h, at);
  }
  hash = h;
  return -1;
}

function found(h: u64, at: usize): i32 {
  hash = h;
  return <i32>(at + 1 - inputAt);
}
