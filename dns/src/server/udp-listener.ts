import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { headerOctets } from "../message/index.ts";

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
}

export interface UdpListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Longer queries than this nobody sends by UDP. */
const maximumQueryOctets = 4_096;
/** Answers of this size are sent at once; the kernel holds some for each. */
const receiveBufferOctets = 4 * 1024 * 1024;

/** Answers packets on one address. Rejects where it cannot be listened on. */
export async function listenUdp(options: UdpListenerOptions): Promise<UdpListener> {
  const { address, port, isShared, answer, onLost, onFault } = options;
  const socket = createSocket({
    type: isIPv6(address) ? "udp6" : "udp4",
    reusePort: isShared,
    ipv6Only: isIPv6(address),
  });
  let isClosed = false;
  // An error of one answer (its receiver is gone) is none of the socket.
  const onSent = (error: Error | null) => {
    if (error !== null) onLost("send");
  };
  socket.on("message", (octets, { address: from, port: fromPort }) => {
    // Nobody listens on port 0: such a packet is forged, and sending to it would be an error of ours.
    if (fromPort === 0 || octets.length < headerOctets || octets.length > maximumQueryOctets) {
      onLost("malformed");
      return;
    }
    try {
      const reply = answer(octets, from);
      if (reply === undefined) return;
      if (Buffer.isBuffer(reply)) socket.send(reply, fromPort, from, onSent);
      else void sendLater(reply, fromPort, from);
    } catch (error) {
      onFault(error);
    }
  });
  async function sendLater(later: Promise<Buffer | undefined>, toPort: number, to: string): Promise<void> {
    try {
      const reply = await later;
      if (reply !== undefined && !isClosed) socket.send(reply, toPort, to, onSent);
    } catch (error) {
      onFault(error);
    }
  }
  await bind(socket, address, port);
  enlarge(socket);
  return {
    port: socket.address().port,
    close: () => {
      isClosed = true;
      return new Promise((resolve) => void socket.close(() => resolve()));
    },
  };
}

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
