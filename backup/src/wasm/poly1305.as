// Poly1305 (D. J. Bernstein, "The Poly1305-AES message-authentication code", 2005) over a stream of windows.
//
// Numbers modulo 2^130-5 are five limbs of 26 bits. Four blocks are taken at once, one in each lane of an i32x4: the message's
// sum m1*r^n + m2*r^(n-1) + ... is four interleaved sums in r^4, which are joined at the end by r^4, r^3, r^2 and r.
// Fewer than four blocks at the end go one at a time. AssemblyScript, without its runtime: every address here is our own.

// Memory: r at 0 (16 bytes), s at 16, the tag at 32; the powers of r from 64; what is hashed from `inputAt`.
const limbMask: u64 = 0x3ffffff;
const powersAt: usize = 64;
export const inputAt: usize = 1024;
export const inputBytes: i32 = 64 * 1024;

let h0: u64 = 0;
let h1: u64 = 0;
let h2: u64 = 0;
let h3: u64 = 0;
let h4: u64 = 0;

// @ts-ignore: a decorator of AssemblyScript
@inline
function powerAt(power: i32, limb: i32): usize {
  return powersAt + ((power * 5 + limb) << 3);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function setLimb(power: i32, limb: i32, value: u64): void {
  store<u64>(powerAt(power, limb), value);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function getLimb(power: i32, limb: i32): u64 {
  return load<u64>(powerAt(power, limb));
}

/** Takes r from memory, masks it, and computes its powers to the fourth. Once for a key. */
export function setKey(): void {
  const low = load<u64>(0) & 0x0ffffffc0fffffff;
  const high = load<u64>(8) & 0x0ffffffc0ffffffc;
  h0 = low & limbMask;
  h1 = (low >> 26) & limbMask;
  h2 = ((low >> 52) | (high << 12)) & limbMask;
  h3 = (high >> 14) & limbMask;
  h4 = high >> 40;
  saveAccumulator(0);
  for (let power = 1; power < 4; power++) {
    multiplyBy(0);
    saveAccumulator(power);
  }
}

function saveAccumulator(power: i32): void {
  setLimb(power, 0, h0);
  setLimb(power, 1, h1);
  setLimb(power, 2, h2);
  setLimb(power, 3, h3);
  setLimb(power, 4, h4);
}

/** h = h * r^(power+1), partly reduced: every limb fits 26 bits, but for a bit or so in h1. */
function multiplyBy(power: i32): void {
  const r0 = getLimb(power, 0);
  const r1 = getLimb(power, 1);
  const r2 = getLimb(power, 2);
  const r3 = getLimb(power, 3);
  const r4 = getLimb(power, 4);
  const s1 = r1 * 5;
  const s2 = r2 * 5;
  const s3 = r3 * 5;
  const s4 = r4 * 5;
  let d0 = h0 * r0 + h1 * s4 + h2 * s3 + h3 * s2 + h4 * s1;
  let d1 = h0 * r1 + h1 * r0 + h2 * s4 + h3 * s3 + h4 * s2;
  let d2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s4 + h4 * s3;
  let d3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s4;
  let d4 = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0;
  d1 += d0 >> 26;
  d2 += d1 >> 26;
  d3 += d2 >> 26;
  d4 += d3 >> 26;
  d0 = (d0 & limbMask) + (d4 >> 26) * 5;
  h0 = d0 & limbMask;
  h1 = (d1 & limbMask) + (d0 >> 26);
  h2 = d2 & limbMask;
  h3 = d3 & limbMask;
  h4 = d4 & limbMask;
}

/** Begins a message. s (the encrypted nonce) is read only by `finish`. */
export function begin(): void {
  h0 = 0;
  h1 = 0;
  h2 = 0;
  h3 = 0;
  h4 = 0;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function spread(power: i32, limb: i32): v128 {
  return i32x4.splat(<i32>getLimb(power, limb));
}

// The lanes of the last four blocks are multiplied by r^4, r^3, r^2, r.
// @ts-ignore: a decorator of AssemblyScript
@inline
function descending(limb: i32): v128 {
  let lanes = i32x4.splat(<i32>getLimb(3, limb));
  lanes = i32x4.replace_lane(lanes, 1, <i32>getLimb(2, limb));
  lanes = i32x4.replace_lane(lanes, 2, <i32>getLimb(1, limb));
  return i32x4.replace_lane(lanes, 3, <i32>getLimb(0, limb));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function low(a: v128, b: v128): v128 {
  return v128.extmul_low<u32>(a, b);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function high(a: v128, b: v128): v128 {
  return v128.extmul_high<u32>(a, b);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function sum(a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  return i64x2.add(i64x2.add(i64x2.add(a, b), i64x2.add(c, d)), e);
}

/** Puts the low halves of four 64-bit lanes into four 32-bit lanes. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function narrow(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

/** Takes the next `length` bytes of the message from `inputAt`. A multiple of 16, except at the end of the message. */
export function update(length: i32): void {
  let at = inputAt;
  const end = at + length;
  const end4 = at + (length & ~63);
  if (at < end4) at = takeFours(at, end4);
  for (; at + 16 <= end; at += 16) takeBlock(load<u64>(at), load<u64>(at + 8), 1 << 24);
  if (at < end) {
    // The last block, if short, is padded with a one and zeros.
    store<u8>(end, 1);
    memory.fill(end + 1, 0, 16);
    takeBlock(load<u64>(at), load<u64>(at + 8), 0);
  }
}

function takeBlock(low: u64, high: u64, bit128: u64): void {
  h0 += low & limbMask;
  h1 += (low >> 26) & limbMask;
  h2 += ((low >> 52) | (high << 12)) & limbMask;
  h3 += (high >> 14) & limbMask;
  h4 += (high >> 40) | bit128;
  multiplyBy(0);
}

function takeFours(from: usize, end: usize): usize {
  const mask32 = i32x4.splat(0x3ffffff);
  const mask64 = i64x2.splat(0x3ffffff);
  const bit128 = i32x4.splat(1 << 24);
  // What was gathered so far belongs to the first of the next four blocks.
  let a0 = i32x4.replace_lane(i32x4.splat(0), 0, <i32>h0);
  let a1 = i32x4.replace_lane(i32x4.splat(0), 0, <i32>h1);
  let a2 = i32x4.replace_lane(i32x4.splat(0), 0, <i32>h2);
  let a3 = i32x4.replace_lane(i32x4.splat(0), 0, <i32>h3);
  let a4 = i32x4.replace_lane(i32x4.splat(0), 0, <i32>h4);
  let r0 = spread(3, 0);
  let r1 = spread(3, 1);
  let r2 = spread(3, 2);
  let r3 = spread(3, 3);
  let r4 = spread(3, 4);
  const five = i32x4.splat(5);
  let s1 = i32x4.mul(r1, five);
  let s2 = i32x4.mul(r2, five);
  let s3 = i32x4.mul(r3, five);
  let s4 = i32x4.mul(r4, five);
  for (let at = from; at < end; at += 64) {
    if (at + 64 == end) {
      r0 = descending(0);
      r1 = descending(1);
      r2 = descending(2);
      r3 = descending(3);
      r4 = descending(4);
      s1 = i32x4.mul(r1, five);
      s2 = i32x4.mul(r2, five);
      s3 = i32x4.mul(r3, five);
      s4 = i32x4.mul(r4, five);
    }
    // Four blocks of four words each, turned so that each vector has one word of every block.
    const b0 = v128.load(at);
    const b1 = v128.load(at, 16);
    const b2 = v128.load(at, 32);
    const b3 = v128.load(at, 48);
    const p0 = v128.shuffle<i32>(b0, b1, 0, 4, 1, 5);
    const p1 = v128.shuffle<i32>(b2, b3, 0, 4, 1, 5);
    const p2 = v128.shuffle<i32>(b0, b1, 2, 6, 3, 7);
    const p3 = v128.shuffle<i32>(b2, b3, 2, 6, 3, 7);
    const w0 = v128.shuffle<i64>(p0, p1, 0, 2);
    const w1 = v128.shuffle<i64>(p0, p1, 1, 3);
    const w2 = v128.shuffle<i64>(p2, p3, 0, 2);
    const w3 = v128.shuffle<i64>(p2, p3, 1, 3);
    a0 = i32x4.add(a0, v128.and(w0, mask32));
    a1 = i32x4.add(a1, v128.and(v128.or(i32x4.shr_u(w0, 26), i32x4.shl(w1, 6)), mask32));
    a2 = i32x4.add(a2, v128.and(v128.or(i32x4.shr_u(w1, 20), i32x4.shl(w2, 12)), mask32));
    a3 = i32x4.add(a3, v128.and(v128.or(i32x4.shr_u(w2, 14), i32x4.shl(w3, 18)), mask32));
    a4 = i32x4.add(a4, v128.or(i32x4.shr_u(w3, 8), bit128));

    let d0 = sum(low(a0, r0), low(a1, s4), low(a2, s3), low(a3, s2), low(a4, s1));
    let e0 = sum(high(a0, r0), high(a1, s4), high(a2, s3), high(a3, s2), high(a4, s1));
    let d1 = sum(low(a0, r1), low(a1, r0), low(a2, s4), low(a3, s3), low(a4, s2));
    let e1 = sum(high(a0, r1), high(a1, r0), high(a2, s4), high(a3, s3), high(a4, s2));
    let d2 = sum(low(a0, r2), low(a1, r1), low(a2, r0), low(a3, s4), low(a4, s3));
    let e2 = sum(high(a0, r2), high(a1, r1), high(a2, r0), high(a3, s4), high(a4, s3));
    let d3 = sum(low(a0, r3), low(a1, r2), low(a2, r1), low(a3, r0), low(a4, s4));
    let e3 = sum(high(a0, r3), high(a1, r2), high(a2, r1), high(a3, r0), high(a4, s4));
    let d4 = sum(low(a0, r4), low(a1, r3), low(a2, r2), low(a3, r1), low(a4, r0));
    let e4 = sum(high(a0, r4), high(a1, r3), high(a2, r2), high(a3, r1), high(a4, r0));

    d1 = i64x2.add(d1, i64x2.shr_u(d0, 26));
    e1 = i64x2.add(e1, i64x2.shr_u(e0, 26));
    d2 = i64x2.add(d2, i64x2.shr_u(d1, 26));
    e2 = i64x2.add(e2, i64x2.shr_u(e1, 26));
    d3 = i64x2.add(d3, i64x2.shr_u(d2, 26));
    e3 = i64x2.add(e3, i64x2.shr_u(e2, 26));
    d4 = i64x2.add(d4, i64x2.shr_u(d3, 26));
    e4 = i64x2.add(e4, i64x2.shr_u(e3, 26));
    const c = i64x2.shr_u(d4, 26);
    const g = i64x2.shr_u(e4, 26);
    // Times five, as four and one: there is no cheap multiplication of 64-bit lanes.
    d0 = i64x2.add(v128.and(d0, mask64), i64x2.add(c, i64x2.shl(c, 2)));
    e0 = i64x2.add(v128.and(e0, mask64), i64x2.add(g, i64x2.shl(g, 2)));
    a0 = v128.and(narrow(d0, e0), mask32);
    a1 = i32x4.add(v128.and(narrow(d1, e1), mask32), narrow(i64x2.shr_u(d0, 26), i64x2.shr_u(e0, 26)));
    a2 = v128.and(narrow(d2, e2), mask32);
    a3 = v128.and(narrow(d3, e3), mask32);
    a4 = v128.and(narrow(d4, e4), mask32);
  }
  h0 = lanesSum(a0);
  h1 = lanesSum(a1);
  h2 = lanesSum(a2);
  h3 = lanesSum(a3);
  h4 = lanesSum(a4);
  carry();
  return end;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function lanesSum(a: v128): u64 {
  return (
    <u64>(<u32>i32x4.extract_lane(a, 0)) +
    <u64>(<u32>i32x4.extract_lane(a, 1)) +
    <u64>(<u32>i32x4.extract_lane(a, 2)) +
    <u64>(<u32>i32x4.extract_lane(a, 3))
  );
}

function carry(): void {
  h1 += h0 >> 26;
  h0 &= limbMask;
  h2 += h1 >> 26;
  h1 &= limbMask;
  h3 += h2 >> 26;
  h2 &= limbMask;
  h4 += h3 >> 26;
  h3 &= limbMask;
  h0 += (h4 >> 26) * 5;
  h4 &= limbMask;
  h1 += h0 >> 26;
  h0 &= limbMask;
}

/** Ends the message: writes its tag, (h mod 2^130-5) + s mod 2^128, at 32. */
export function finish(): void {
  carry();
  carry();
  // g = h + 5 - 2^130; h mod 2^130-5 is g when that is not negative. Chosen by a mask, so that timing says nothing.
  let g0 = h0 + 5;
  let g1 = h1 + (g0 >> 26);
  g0 &= limbMask;
  let g2 = h2 + (g1 >> 26);
  g1 &= limbMask;
  let g3 = h3 + (g2 >> 26);
  g2 &= limbMask;
  let g4 = h4 + (g3 >> 26) - (1 << 26);
  g3 &= limbMask;
  const keep = (g4 >> 63) - 1;
  g4 &= limbMask;
  h0 = (h0 & ~keep) | (g0 & keep);
  h1 = (h1 & ~keep) | (g1 & keep);
  h2 = (h2 & ~keep) | (g2 & keep);
  h3 = (h3 & ~keep) | (g3 & keep);
  h4 = (h4 & ~keep) | (g4 & keep);
  const low = h0 | (h1 << 26) | (h2 << 52);
  const high = (h2 >> 12) | (h3 << 14) | (h4 << 40);
  const tagLow = low + load<u64>(16);
  store<u64>(32, tagLow);
  store<u64>(40, high + load<u64>(24) + u64(tagLow < low));
}
