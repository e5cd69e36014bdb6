/**
 * Rijndael with a 256-bit block and a 256-bit key (Daemen and Rijmen, "AES Proposal: Rijndael", version 2, 1999): the larger sister of AES that
 * libmcrypt calls rijndael-256 and no standard library has. Encryption of single blocks only, which is all that CFB needs, in both directions.
 * It guards nothing against somebody who measures time on this machine; NSCA's shared password does not either.
 */
const rounds = 14;
const columns = 8;
/** How far rows move: the first not at all, the others by 1, 3 and 4 columns; AES moves them by 1, 2 and 3 (section 4.2.2, table 2). */
const [secondRow, thirdRow, fourthRow] = [1, 3, 4];

/** Makes the function that encrypts a block of 32 bytes with a key of 32 bytes into `output`. */
export function createRijndael256(key: Uint8Array): (input: Uint8Array, output: Uint8Array) => void {
  const { substitution, table } = tables();
  const schedule = expandKey(key, substitution);
  let state = new Uint32Array(columns);
  let next = new Uint32Array(columns);
  // The word of the next state that holds, row by row, the bytes that the shifts bring to this column; `& 7` goes round the eight columns.
  const at = (column: number) => state[column & 7] ?? 0;
  return (input, output) => {
    for (let column = 0; column < columns; column++) {
      const from = column * 4;
      const word =
        ((input[from] ?? 0) << 24) |
        ((input[from + 1] ?? 0) << 16) |
        ((input[from + 2] ?? 0) << 8) |
        (input[from + 3] ?? 0);
      state[column] = word ^ (schedule[column] ?? 0);
    }
    for (let round = 1; round < rounds; round++) {
      for (let column = 0; column < columns; column++) {
        const second = table[(at(column + secondRow) >>> 16) & 0xff] ?? 0;
        const third = table[(at(column + thirdRow) >>> 8) & 0xff] ?? 0;
        const fourth = table[at(column + fourthRow) & 0xff] ?? 0;
        // One table, turned by a byte for each row.
        next[column] =
          (table[at(column) >>> 24] ?? 0) ^
          ((second >>> 8) | (second << 24)) ^
          ((third >>> 16) | (third << 16)) ^
          ((fourth >>> 24) | (fourth << 8)) ^
          (schedule[round * columns + column] ?? 0);
      }
      const spare = state;
      state = next;
      next = spare;
    }
    for (let column = 0; column < columns; column++) {
      const word =
        (((substitution[at(column) >>> 24] ?? 0) << 24) |
          ((substitution[(at(column + secondRow) >>> 16) & 0xff] ?? 0) << 16) |
          ((substitution[(at(column + thirdRow) >>> 8) & 0xff] ?? 0) << 8) |
          (substitution[at(column + fourthRow) & 0xff] ?? 0)) ^
        (schedule[rounds * columns + column] ?? 0);
      output[column * 4] = word >>> 24;
      output[column * 4 + 1] = word >>> 16;
      output[column * 4 + 2] = word >>> 8;
      output[column * 4 + 3] = word;
    }
  };
}

/** Section 4.3.1, for keys of 8 words: every 8th word is turned, substituted and marked, every 4th between is substituted. */
function expandKey(key: Uint8Array, substitution: Uint8Array): Uint32Array {
  const keyWords = 8;
  const schedule = new Uint32Array(columns * (rounds + 1));
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  for (let index = 0; index < keyWords; index++) schedule[index] = view.getUint32(index * 4);
  const substitute = (word: number) =>
    ((substitution[word >>> 24] ?? 0) << 24) |
    ((substitution[(word >>> 16) & 0xff] ?? 0) << 16) |
    ((substitution[(word >>> 8) & 0xff] ?? 0) << 8) |
    (substitution[word & 0xff] ?? 0);
  let mark = 1;
  for (let index = keyWords; index < schedule.length; index++) {
    let word = schedule[index - 1] ?? 0;
    if (index % keyWords === 0) {
      word = substitute((word << 8) | (word >>> 24)) ^ (mark << 24);
      mark = double(mark);
    } else if (index % keyWords === 4) word = substitute(word);
    schedule[index] = (schedule[index - keyWords] ?? 0) ^ word;
  }
  return schedule;
}

/** Multiplication by x in GF(2^8) with x^8 + x^4 + x^3 + x + 1 (section 2.1.2). */
function double(value: number): number {
  return ((value << 1) ^ (value & 0x80 ? 0x11b : 0)) & 0xff;
}

/** The substitution (section 4.2.1), and with the mixing of a column (4.2.3) for its first row. */
function tables(): { readonly substitution: Uint8Array; readonly table: Uint32Array } {
  const substitution = new Uint8Array(256);
  // 3 generates all of the field but 0; 0xf6 is its inverse, so p and q stay each other's.
  let p = 1;
  let q = 1;
  do {
    p = (p ^ double(p)) & 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q = (q ^ (q & 0x80 ? 0x09 : 0)) & 0xff;
    const turn = (bits: number) => ((q << bits) | (q >> (8 - bits))) & 0xff;
    substitution[p] = q ^ turn(1) ^ turn(2) ^ turn(3) ^ turn(4) ^ 0x63;
  } while (p !== 1);
  substitution[0] = 0x63;
  const table = new Uint32Array(256);
  for (let value = 0; value < 256; value++) {
    const substituted = substitution[value] ?? 0;
    const twice = double(substituted);
    table[value] = (twice << 24) | (substituted << 16) | (substituted << 8) | (twice ^ substituted);
  }
  return { substitution, table };
}
