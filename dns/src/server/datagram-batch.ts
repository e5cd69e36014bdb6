import { arch, endianness } from "node:os";
import { formatIpv4, formatIpv6 } from "../record/index.ts";
import { addressOctets } from "./address-octets.ts";

/** Messages that one system call sends; one fewer are taken, for the one that Node took. */
const slots = 64;
/** One octet more than any query that is read, so that longer ones are seen to be. */
const receiveOctets = 4_097;
const sendOctets = 4_096;
/** A struct mmsghdr, iovec and sockaddr_in6 (in steps of 32) of Linux on machines of 64 bits. */
const headerOctets = 64;
const vectorOctets = 16;
const addressStep = 32;
/** Places in a struct mmsghdr, in words of 4 octets. */
const nameLengthWord = 2;
const headerWords = headerOctets / 4;
const lengthWord = 14;
const vectorWords = vectorOctets / 4;
const vectorLengthWord = 2;
const addressWordCount = addressStep / 4;
const MSG_DONTWAIT = 0x40;
const AF_INET = 2;
const AF_INET6 = 10;
const maximumKnown = 4_096;

/** Who sent a datagram, as the kernel has it. */
export type SocketAddress = Buffer;

/** recvmmsg(2) and sendmmsg(2): how many messages went, or -1. */
type TransferMessages = (fd: number, messages: bigint, count: number, flags: number) => number;
interface Library {
  readonly receive: TransferMessages;
  readonly send: TransferMessages;
  pointerTo(memory: ArrayBuffer): bigint;
}

/**
 * Datagrams of one socket, many with one system call each way: what Node's own sockets do for each of them (a system call, a buffer, an object that names
 * the sender, a turn) costs more than all that answering takes. All memory that the kernel reads and writes is allotted once and never moved.
 */
export class DatagramBatch {
  readonly #fd: number;
  readonly #isIpv6: boolean;
  readonly #library: Library;
  readonly #received: Messages;
  readonly #sent: Messages;
  #queued = 0;
  readonly #v4 = new Map<number, string>();
  readonly #v6 = new Map<string, string>();

  private constructor(fd: number, isIpv6: boolean, library: Library) {
    this.#fd = fd;
    this.#isIpv6 = isIpv6;
    this.#library = library;
    this.#received = new Messages(receiveOctets, library);
    this.#sent = new Messages(sendOctets, library);
    for (let at = 0; at < slots; at += 1) this.#sent.headers[at * headerWords + nameLengthWord] = this.#addressOctets;
  }

  /** Undefined where it cannot be done: not Linux, another processor, or a Node without `node:ffi` (`--no-experimental-ffi`). */
  static open(fd: number, isIpv6: boolean): DatagramBatch | undefined {
    const library = openLibrary();
    return library === undefined ? undefined : new DatagramBatch(fd, isIpv6, library);
  }

  get #addressOctets(): number {
    return this.#isIpv6 ? 28 : 16;
  }

  /** How many datagrams were waiting, up to 63; they can be looked at until the next call. */
  receive(): number {
    const { headers, pointer } = this.#received;
    // The kernel wrote here what it used of them.
    for (let at = 0; at < slots; at += 1) headers[at * headerWords + nameLengthWord] = addressStep;
    // -1 is nothing waiting, or an error of a message sent before: the socket is read again when the kernel says so.
    return Math.max(0, this.#library.receive(this.#fd, pointer, slots - 1, MSG_DONTWAIT));
  }

  /** Octets of a received datagram; those beyond 4,097 are cut off. */
  lengthOf(at: number): number {
    return this.#received.headers[at * headerWords + lengthWord] ?? 0;
  }

  /** A received datagram, in memory of its own. */
  octetsOf(at: number): Buffer {
    const length = this.lengthOf(at);
    const octets = Buffer.allocUnsafe(length);
    const start = at * receiveOctets;
    this.#received.content.copy(octets, 0, start, start + length);
    return octets;
  }

  portOf(at: number): number {
    return this.#received.addresses.readUInt16BE(at * addressStep + 2);
  }

  /** As sockets tell it, without a scope. Those seen lately are remembered. */
  addressOf(at: number): string {
    return this.#isIpv6 ? this.#ipv6At(at * addressStep + 8) : this.#ipv4At(at * addressStep + 4);
  }

  /** Who sent a received datagram, to be kept for an answer that is not ready yet. */
  senderOf(at: number): SocketAddress {
    const { addresses } = this.#received;
    return Buffer.from(addresses.subarray(at * addressStep, at * addressStep + this.#addressOctets));
  }

  /** An answer to a received datagram: it goes with the next `flush`. False where it is too long or there is no room. */
  reply(octets: Buffer, at: number): boolean {
    const to = this.#queue(octets);
    if (to < 0) return false;
    const [from, into] = [this.#received.addressWords, this.#sent.addressWords];
    for (let word = 0; word < addressWordCount; word += 1) {
      into[to * addressWordCount + word] = from[at * addressWordCount + word] ?? 0;
    }
    return true;
  }

  /** As `reply`, to whom was kept. */
  sendTo(octets: Buffer, address: SocketAddress): boolean {
    const to = this.#queue(octets);
    if (to < 0) return false;
    address.copy(this.#sent.addresses, to * addressStep);
    return true;
  }

  /** As `reply`, to an address as sockets tell it. False also for one with a scope, whose number only the kernel knows. */
  send(octets: Buffer, address: string, port: number): boolean {
    if (this.#isIpv6 && address.includes("%")) return false;
    const to = this.#queue(octets);
    if (to < 0) return false;
    const { addresses, addressWords } = this.#sent;
    addressWords.fill(0, to * addressWordCount, (to + 1) * addressWordCount);
    const start = to * addressStep;
    addresses.writeUInt16LE(this.#isIpv6 ? AF_INET6 : AF_INET, start);
    addresses.writeUInt16BE(port, start + 2);
    addresses.set(addressOctets(address), start + (this.#isIpv6 ? 8 : 4));
    return true;
  }

  /** Sends what is queued; how many of them the kernel did not take. They are not tried again: who asked asks again. */
  flush(): number {
    let lost = 0;
    const { pointer } = this.#sent;
    for (let done = 0; done < this.#queued; ) {
      const count = this.#library.send(
        this.#fd,
        pointer + BigInt(done * headerOctets),
        this.#queued - done,
        MSG_DONTWAIT,
      );
      // The first of them is what it stopped at.
      if (count <= 0) lost += 1;
      done += Math.max(1, count);
    }
    this.#queued = 0;
    return lost;
  }

  #queue(octets: Buffer): number {
    if (this.#queued >= slots || octets.length > sendOctets) return -1;
    const at = this.#queued;
    this.#queued += 1;
    this.#sent.content.set(octets, at * sendOctets);
    this.#sent.vectors[at * vectorWords + vectorLengthWord] = octets.length;
    return at;
  }

  #ipv4At(at: number): string {
    const { addresses } = this.#received;
    const key = addresses.readUInt32BE(at);
    const known = this.#v4.get(key);
    return known ?? remember(this.#v4, key, formatIpv4(addresses.subarray(at, at + 4)));
  }

  #ipv6At(at: number): string {
    const { addresses } = this.#received;
    const key = addresses.toString("latin1", at, at + 16);
    const known = this.#v6.get(key);
    return known ?? remember(this.#v6, key, formatIpv6(addresses.subarray(at, at + 16)));
  }
}

function remember<Key>(known: Map<Key, string>, key: Key, address: string): string {
  if (known.size >= maximumKnown) known.clear();
  known.set(key, address);
  return address;
}

/** The memory of so many messages: their headers, what those point at, and the messages themselves. */
class Messages {
  readonly headers: Uint32Array;
  readonly vectors: Uint32Array;
  readonly addresses: Buffer;
  readonly addressWords: Uint32Array;
  readonly content: Buffer;
  readonly pointer: bigint;

  constructor(octets: number, { pointerTo }: Library) {
    const headers = new ArrayBuffer(slots * headerOctets);
    const vectors = new ArrayBuffer(slots * vectorOctets);
    const addresses = new ArrayBuffer(slots * addressStep);
    const content = new ArrayBuffer(slots * octets);
    this.headers = new Uint32Array(headers);
    this.vectors = new Uint32Array(vectors);
    this.addresses = Buffer.from(addresses);
    this.addressWords = new Uint32Array(addresses);
    this.content = Buffer.from(content);
    this.pointer = pointerTo(headers);
    const [vectorsAt, addressesAt, contentAt] = [vectors, addresses, content].map(pointerTo);
    if (vectorsAt === undefined || addressesAt === undefined || contentAt === undefined) return;
    const [headerFields, vectorFields] = [new BigUint64Array(headers), new BigUint64Array(vectors)];
    for (let at = 0; at < slots; at += 1) {
      headerFields[at * 8] = addressesAt + BigInt(at * addressStep);
      headerFields[at * 8 + 2] = vectorsAt + BigInt(at * vectorOctets);
      headerFields[at * 8 + 3] = 1n;
      vectorFields[at * 2] = contentAt + BigInt(at * octets);
      vectorFields[at * 2 + 1] = BigInt(octets);
    }
  }
}

let opened: Library | undefined;

/** The C library that Node itself runs on. */
function openLibrary(): Library | undefined {
  if (opened !== undefined) return opened;
  const isKnown = process.platform === "linux" && endianness() === "LE" && (arch() === "x64" || arch() === "arm64");
  const ffi = isKnown ? process.getBuiltinModule("node:ffi") : undefined;
  if (ffi === undefined) return undefined;
  try {
    const { functions } = ffi.dlopen(null, {
      recvmmsg: { arguments: ["i32", "pointer", "u32", "i32", "pointer"], return: "i32" },
      sendmmsg: { arguments: ["i32", "pointer", "u32", "i32"], return: "i32" },
    });
    const { recvmmsg, sendmmsg } = functions;
    opened = {
      receive: (fd, messages, count, flags) => recvmmsg(fd, messages, count, flags, 0n),
      send: (fd, messages, count, flags) => sendmmsg(fd, messages, count, flags),
      pointerTo: (memory) => ffi.getRawPointer(memory),
    };
    return opened;
  } catch {
    return undefined;
  }
}
