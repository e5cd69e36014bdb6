import { createSocket, type Socket, type SocketOptions } from "node:dgram";
import { isIPv6 } from "node:net";
import { headerOctets } from "../message/index.ts";
import { DatagramBatch } from "./datagram-batch.ts";
import { descriptorOfUdpSocket } from "./socket-descriptor.ts";

export interface UdpListenerOptions {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  /** Several processes listen on the same port, and the kernel spreads the packets among them. */
  readonly isShared: boolean;
  /** The answer to a packet, at once or, where others have to be asked, later; undefined: none. */
  readonly answer: (octets: Buffer, address: string) => Buffer | undefined | Promise<Buffer | undefined>;
  /** A packet that is thrown away unread, and an answer that could not be sent, by reason. */
  readonly onLost: (reason: "malformed" | "send") => void;
  /** One packet could not be answered because of a fault of ours; the next one is. */
  readonly onFault: (error: unknown) => void;
  /** Many packets with one system call, where the machine has that. Left out: yes. */
  readonly isBatched?: boolean;
}

export interface UdpListener {
  readonly port: number;
  /** Whether many packets are taken with one system call. */
  readonly isBatched: boolean;
  close(): Promise<void>;
}

/** Longer queries than this nobody sends by UDP. */
const maximumQueryOctets = 4_096;
/** Answers of this size are sent at once; the kernel holds some for each. */
const receiveBufferOctets = 4 * 1024 * 1024;

/** Answers packets on one address. Rejects where it cannot be listened on. */
export async function listenUdp(options: UdpListenerOptions): Promise<UdpListener> {
  const { address, port, isShared, isBatched = true } = options;
  const socket = createSocket({
    type: isIPv6(address) ? "udp6" : "udp4",
    reusePort: isShared,
    ipv6Only: isIPv6(address),
    lookup: asItIs,
  });
  await bind(socket, address, port);
  enlarge(socket);
  const bound = socket.address();
  const descriptor = isBatched ? descriptorOfUdpSocket(bound.address, bound.port) : undefined;
  const batch = descriptor === undefined ? undefined : DatagramBatch.open(descriptor, isIPv6(address));
  const answering = new Answering(options, socket, batch);
  socket.on("message", (octets, { address: from, port: fromPort }) => answering.take(octets, from, fromPort));
  return {
    port: bound.port,
    isBatched: batch !== undefined,
    close: () => {
      answering.isClosed = true;
      return new Promise((resolve) => void socket.close(() => resolve()));
    },
  };
}

/** What is done with each packet. */
class Answering {
  readonly #options: UdpListenerOptions;
  readonly #socket: Socket;
  readonly #batch: DatagramBatch | undefined;
  /** Its descriptor may be another file's from then on. */
  isClosed = false;

  constructor(options: UdpListenerOptions, socket: Socket, batch: DatagramBatch | undefined) {
    this.#options = options;
    this.#socket = socket;
    this.#batch = batch;
  }

  /** A packet that Node read, and with it others that wait by now: no more than one call takes, so that whatever else waits has its turn. */
  take(octets: Buffer, from: string, fromPort: number): void {
    if (this.isClosed) return;
    const batch = this.#batch;
    this.#takeFirst(octets, from, fromPort);
    if (batch === undefined) return;
    const count = batch.receive();
    for (let at = 0; at < count; at += 1) this.#takeWaiting(batch, at);
    this.#flush(batch);
  }

  #takeFirst(octets: Buffer, from: string, fromPort: number): void {
    const { answer, onLost, onFault } = this.#options;
    if (isMalformed(octets.length, fromPort)) {
      onLost("malformed");
      return;
    }
    try {
      const reply = answer(octets, from);
      if (reply === undefined) return;
      if (!Buffer.isBuffer(reply)) void this.#sendLater(reply, (ready) => this.#socket.send(ready, fromPort, from));
      else if (this.#batch?.send(reply, from, fromPort) !== true) this.#socket.send(reply, fromPort, from);
    } catch (error) {
      onFault(error);
    }
  }

  #takeWaiting(batch: DatagramBatch, at: number): void {
    const { answer, onLost, onFault } = this.#options;
    if (isMalformed(batch.lengthOf(at), batch.portOf(at))) {
      onLost("malformed");
      return;
    }
    try {
      const reply = answer(batch.octetsOf(at), batch.addressOf(at));
      if (reply === undefined) return;
      if (Buffer.isBuffer(reply)) {
        if (!batch.reply(reply, at)) onLost("send");
        return;
      }
      const sender = batch.senderOf(at);
      void this.#sendLater(reply, (ready) => {
        if (!batch.sendTo(ready, sender)) onLost("send");
        this.#flush(batch);
      });
    } catch (error) {
      onFault(error);
    }
  }

  async #sendLater(later: Promise<Buffer | undefined>, send: (ready: Buffer) => void): Promise<void> {
    try {
      const ready = await later;
      if (ready !== undefined && !this.isClosed) send(ready);
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  #flush(batch: DatagramBatch): void {
    // An error of one answer (its receiver is gone) is none of the socket.
    for (let lost = batch.flush(); lost > 0; lost -= 1) this.#options.onLost("send");
  }
}

/** Nobody listens on port 0: such a packet is forged, and sending to it would be an error of ours. */
function isMalformed(length: number, fromPort: number): boolean {
  return fromPort === 0 || length < headerOctets || length > maximumQueryOctets;
}

/** Answers go to addresses, which need no resolver; Node's own would wait for the next turn with each of them. */
const asItIs: NonNullable<SocketOptions["lookup"]> = (hostname, _options, callback) => callback(null, hostname, 4);

function bind(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address, port }, () => {
      socket.removeListener("error", reject);
      socket.on("error", () => {});
      resolve();
    });
  });
}

/** Room for a burst while JavaScript is busy; the kernel's limit may be lower. */
function enlarge(socket: Socket): void {
  try {
    socket.setRecvBufferSize(receiveBufferOctets);
    socket.setSendBufferSize(receiveBufferOctets);
  } catch {
    // As large as the kernel allows, then.
  }
}
