import { createHmac } from "node:crypto";
import { encodeQuestion } from "./dns-client.ts";

/** Numbers that look random and are the same each time: from 0 to below `bound`. */
export type Dice = (bound: number) => number;

/** A dice of 32 bits of state (Marsaglia's xorshift). */
export function createDice(seed: number): Dice {
  let state = seed | 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/**
 * What a stranger might send: each call another packet. About half are nearly right, so that they get past the first look; `more` are further ones to
 * begin from.
 */
export function createHostilePackets(dice: Dice, more: readonly Buffer[] = []): () => Buffer {
  const wellFormed = [...wellFormedPackets(), ...more];
  const makers = [
    () => randomOctets(dice, dice(600)),
    () => mutate(dice, pick(dice, wellFormed)),
    () => mutate(dice, pick(dice, wellFormed)),
    () => mutate(dice, pick(dice, wellFormed)),
    () => cut(dice, pick(dice, wellFormed)),
    () => spliced(dice, pick(dice, wellFormed), pick(dice, wellFormed)),
    () => pointerCircle(dice),
    () => pointerLadder(20 + dice(4_000)),
    () => countsThatLie(dice, pick(dice, wellFormed)),
    () => pick(dice, wellFormed),
  ];
  return () => pick(dice, makers)();
}

/** One of each kind of message that a name server takes, and some that none does. */
function wellFormedPackets(): Buffer[] {
  const name = "www.example.org.";
  const option = (code: number, length: number) => ({ code, data: Buffer.alloc(length, 7) });
  const queries = ["A", "ANY", "SOA", "AXFR", "IXFR", "TYPE65535", "OPT", "TSIG", "MAILB"].map((type) =>
    encodeQuestion({ name, type }),
  );
  const edns = [
    encodeQuestion({ name, type: "A", edns: 0 }),
    encodeQuestion({ name, type: "A", edns: 65_535, wantsDnssec: true }),
    encodeQuestion({ name, type: "TXT", edns: 1232, options: [option(10, 8), option(3, 0), option(8, 7)] }),
    encodeQuestion({ name, type: "A", edns: 1232, options: [option(10, 40), option(12, 300)] }),
  ];
  const classes = [0, 3, 4, 254, 255].map((number) => encodeQuestion({ name, type: "TXT", class: number }));
  const opcodes = Array.from({ length: 16 }, (_, opcode) => encodeQuestion({ name, type: "SOA", flags: opcode << 11 }));
  const longest = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}.`;
  return [
    ...queries,
    ...edns,
    ...classes,
    ...opcodes,
    encodeQuestion({ name: longest, type: "A", edns: 512 }),
    encodeQuestion({ name: ".", type: "NS" }),
    update(name),
    signed(encodeQuestion({ name, type: "AXFR" })),
    signed(update(name)),
    Buffer.concat([header(0x8000, 1, 0, 0, 0), encodeQuestion({ name, type: "A" }).subarray(12)]),
  ];
}

/** An UPDATE that adds an address and deletes an RRset (RFC 2136), unsigned. */
function update(name: string): Buffer {
  const zone = encodeQuestion({ name: "example.org.", type: "SOA" }).subarray(12);
  const owner = encodeQuestion({ name, type: "A" }).subarray(12, -4);
  const add = Buffer.concat([owner, Buffer.from("0001000100000e100004c0000201", "hex")]);
  const remove = Buffer.concat([owner, Buffer.from("001000ff000000000000", "hex")]);
  return Buffer.concat([header(5 << 11, 1, 0, 2, 0), zone, add, remove]);
}

/** Signed with a key that nobody has. */
function signed(message: Buffer): Buffer {
  const key = encodeQuestion({ name: "key.example.", type: "A" }).subarray(12, -4);
  const algorithm = encodeQuestion({ name: "hmac-sha256.", type: "A" }).subarray(12, -4);
  const mac = createHmac("sha256", "no secret").update(message).digest();
  const time = Buffer.alloc(8);
  time.writeUIntBE(Math.floor(Date.now() / 1000), 0, 6);
  time.writeUInt16BE(300, 6);
  const length = Buffer.from([0, mac.length]);
  const data = Buffer.concat([algorithm, time, length, mac, message.subarray(0, 2), Buffer.alloc(4)]);
  const fixed = Buffer.from("00fa00ff00000000", "hex");
  const whole = Buffer.concat([message, key, fixed, Buffer.from([data.length >> 8, data.length & 255]), data]);
  whole.writeUInt16BE(whole.readUInt16BE(10) + 1, 10);
  return whole;
}

function header(flags: number, ...counts: readonly number[]): Buffer {
  const octets = Buffer.alloc(12);
  octets.writeUInt16BE(flags, 2);
  for (const [index, count] of counts.entries()) octets.writeUInt16BE(count, 4 + 2 * index);
  return octets;
}

function randomOctets(dice: Dice, length: number): Buffer {
  const octets = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at += 1) octets[at] = dice(256);
  return octets;
}

function mutate(dice: Dice, packet: Buffer): Buffer {
  const octets = Buffer.from(packet);
  for (let change = dice(6); change >= 0; change -= 1)
    octets[dice(octets.length)] = pick(dice, [0, 0xc0, 0xff, dice(256)]);
  return octets;
}

function cut(dice: Dice, packet: Buffer): Buffer {
  return packet.subarray(0, dice(packet.length));
}

function spliced(dice: Dice, first: Buffer, second: Buffer): Buffer {
  return Buffer.concat([first.subarray(0, dice(first.length)), second.subarray(dice(second.length))]);
}

function countsThatLie(dice: Dice, packet: Buffer): Buffer {
  const octets = Buffer.from(packet);
  octets.writeUInt16BE(pick(dice, [0, 2, 255, 65_535]), 4 + 2 * dice(4));
  return octets;
}

/** A name that points at itself, or at another that points back. */
function pointerCircle(dice: Dice): Buffer {
  const target = 12 + dice(4);
  return Buffer.concat([
    header(0, 1, 0, 0, 0),
    Buffer.from([0xc0, target, 0xc0, 12, 1, 97, 0xc0, 12]),
    Buffer.from("00010001", "hex"),
  ]);
}

/** Records whose names each point at the one before: quadratic work for who follows them all. At most 64 KB. */
export function pointerLadder(steps: number): Buffer {
  const count = Math.min(steps, 4_600);
  const records = Buffer.alloc(count * 14);
  let before = 12;
  for (let step = 0; step < count; step += 1) {
    const at = step * 14;
    records.writeUInt8(1, at);
    records.write("x", at + 1);
    records.writeUInt16BE(0xc000 | Math.min(before, 0x3fff), at + 2);
    records.writeUInt16BE(1, at + 4);
    records.writeUInt16BE(1, at + 6);
    before = 17 + at;
  }
  return Buffer.concat([header(0, 1, count, 0, 0), Buffer.from([0, 0, 1, 0, 1]), records]);
}

function pick<Item>(dice: Dice, items: readonly Item[]): Item {
  const item = items[dice(items.length)];
  if (item === undefined) throw new Error("there is nothing to choose from");
  return item;
}
