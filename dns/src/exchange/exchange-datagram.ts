import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { PeerAddress } from "../name-server/index.ts";

/**
 * Sends one message by UDP and resolves to the first one that comes back from there with its id and `isAnswer`. The port it is sent from is the kernel's
 * choice and new each time, so that nobody else guesses it (RFC 5452). Rejects when it cannot be sent, and when `signal` is aborted.
 */
export function exchangeDatagram(
  { address, port }: PeerAddress,
  octets: Buffer,
  signal: AbortSignal,
  isAnswer: (answer: Buffer) => boolean = () => true,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
    const end = (outcome: () => void) => {
      signal.removeEventListener("abort", abandon);
      socket.removeAllListeners();
      socket.on("error", () => undefined);
      socket.close();
      outcome();
    };
    const fail = (error: unknown) => end(() => reject(error));
    const abandon = () => fail(signal.reason);
    signal.addEventListener("abort", abandon);
    socket.on("error", fail);
    socket.on("message", (answer) => {
      if (answer.length < 12 || answer.readUInt16BE(0) !== octets.readUInt16BE(0)) return;
      if (isAnswer(answer)) end(() => resolve(answer));
    });
    // Connected: what comes from elsewhere the kernel keeps away, and an unreachable port is told at once.
    socket.connect(port, address, () => {
      socket.send(octets, (error) => {
        if (error !== null) fail(error);
      });
    });
  });
}
