// The blobs of an index file in the form in which restic and this program write them: no spaces, members in one order, ids in small letters.
// Text of any other form is left to the general scanner. Eight bytes of text are compared at once, and sixteen digits of an id are read
// at once. AssemblyScript, without its runtime: every address here is our own.

// Memory: what was found from `recordsAt`, then the text. A record is twelve words: the id (8), 1 for a tree and 0 for data, offset, length,
// length before compression (0: not compressed).
export const recordsAt: usize = 1024;
export const mostRecords: i32 = 4096;
export const textAt: usize = 256 * 1024;
const recordBytes: usize = 48;

/** A blob is read before it is known whether the text goes so far. */
const slackBytes: usize = 1024;

let at: usize = 0;
let isRight: bool = true;

/** Makes room for a text; false when there is no memory for it. */
export function reserve(textBytes: usize): bool {
  const missing = <i32>((textAt + textBytes + slackBytes + 0xffff) >>> 16) - memory.size();
  return missing <= 0 || memory.grow(missing) != -1;
}

/** Reads blobs, with a comma between, from where the first begins up to where the text ends: how many there were. */
export function take(from: usize, end: usize): i32 {
  let position = textAt + from;
  let count = 0;
  at = position;
  while (count < mostRecords && takeBlob(recordsAt + <usize>count * recordBytes) && at <= textAt + end) {
    position = at;
    count += 1;
    if (load<u8>(at) != 0x2c) break;
    at += 1;
  }
  at = position;
  return count;
}

/** Behind the last blob that was read. */
export function position(): usize {
  return at - textAt;
}

function takeBlob(record: usize): bool {
  // {"id":"
  if ((load<u64>(at) & 0x00ff_ffff_ffff_ffff) != 0x0022_3a22_6469_227b) return false;
  at += 7;
  for (let i: usize = 0; i < 4; i++) if (!takeDigits(at + (i << 4), record + (i << 3))) return false;
  at += 64;
  // ","type":"
  if (load<u64>(at) != 0x2265_7079_7422_2c22 || load<u16>(at, 8) != 0x223a) return false;
  // data, tree
  const type = load<u32>(at, 10);
  if (type != 0x6174_6164 && type != 0x6565_7274) return false;
  store<u32>(record, type == 0x6565_7274 ? 1 : 0, 32);
  // ","offset":
  if (load<u64>(at, 14) != 0x6573_6666_6f22_2c22 || (load<u32>(at, 22) & 0x00ff_ffff) != 0x003a_2274) return false;
  at += 25;
  isRight = true;
  store<u32>(record, takeNumber(), 36);
  // ,"length":
  if (load<u64>(at) != 0x6874_676e_656c_222c || load<u16>(at, 8) != 0x3a22) return false;
  at += 10;
  store<u32>(record, takeNumber(), 40);
  store<u32>(record, 0, 44);
  // ,"uncompressed_length":
  if (load<u64>(at) == 0x706d_6f63_6e75_222c) {
    const isNamed = load<u64>(at, 8) == 0x6c5f_6465_7373_6572 && (load<u64>(at, 16) & 0x00ff_ffff_ffff_ffff) == 0x003a_2268_7467_6e65;
    if (!isNamed) return false;
    at += 23;
    store<u32>(record, takeNumber(), 44);
  }
  // }
  if (load<u8>(at) != 0x7d) return false;
  at += 1;
  return isRight;
}

/** Sixteen hexadecimal digits as eight bytes. */
function takeDigits(from: usize, to: usize): bool {
  const text = v128.load(from);
  const number = i8x16.sub(text, i8x16.splat(0x30));
  const letter = i8x16.sub(text, i8x16.splat(0x61));
  const isNumber = i8x16.lt_u(number, i8x16.splat(10));
  if (!i8x16.all_true(v128.or(isNumber, i8x16.lt_u(letter, i8x16.splat(6))))) return false;
  const nibbles = v128.bitselect(number, i8x16.add(letter, i8x16.splat(10)), isNumber);
  // Of two digits the first is the higher half of a byte, and the lower byte of these words.
  const bytes = v128.and(v128.or(i16x8.shl(nibbles, 4), i16x8.shr_u(nibbles, 8)), i16x8.splat(0xff));
  store<u64>(to, i64x2.extract_lane(i8x16.narrow_i16x8_u(bytes, bytes), 0));
  return true;
}

/** A whole number from 0 to 2^32 - 1, spelled in the only way; any other makes the blob wrong. */
function takeNumber(): u32 {
  const from = at;
  let value: u64 = 0;
  for (;;) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9 || value > 0xffff_ffff) break;
    value = value * 10 + digit;
    at += 1;
  }
  if (at == from || value > 0xffff_ffff || (at - from > 1 && load<u8>(from) == 0x30)) isRight = false;
  return <u32>value;
}
