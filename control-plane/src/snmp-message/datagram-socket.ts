import { createSocket, type RemoteInfo } from "node:dgram";
import type { Logger } from "pino";
import { StartError } from "../start-error.ts";

/** A UDP socket that listens. */
export interface DatagramSocket {
  readonly port: number;
  send(bytes: Buffer, peer: RemoteInfo): void;
  close(): Promise<void>;
}

interface DatagramOptions {
  readonly address: { readonly host: string; readonly port: number };
  /** For the log and for faults: what listens, and by which option. */
  readonly what: string;
  readonly flag: string;
  readonly onMessage: (bytes: Buffer, peer: RemoteInfo) => void;
  readonly logger: Logger;
}

const receiveBufferBytes = 4 * 1024 * 1024;

/** Listens; nothing that arrives ends this process. Throws StartError when the address cannot be had. */
export async function listenForDatagrams(options: DatagramOptions): Promise<DatagramSocket> {
  const { address, what, flag, onMessage, logger } = options;
  const socket = createSocket({ type: address.host.includes(":") ? "udp6" : "udp4" });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => {
      const exit = "code" in error && error.code === "EADDRINUSE" ? "addressInUse" : "configuration";
      const place = `${address.host}:${address.port}`;
      reject(
        new StartError(
          exit,
          `${what} cannot listen at ${place} over UDP (${error.message}); choose another with ${flag}`,
        ),
      );
    });
    socket.bind(address.port, address.host, () => {
      socket.removeAllListeners("error");
      resolve();
    });
  });
  socket.on("error", (err) => logger.warn({ err }, `${what}: the socket failed`));
  try {
    socket.setRecvBufferSize(receiveBufferBytes);
  } catch (err) {
    logger.debug({ err }, `${what}: the receive buffer stays as it is`);
  }
  socket.on("message", (bytes, peer) => {
    try {
      onMessage(bytes, peer);
    } catch (err) {
      logger.error({ err, peer: peer.address }, `${what}: a message could not be taken`);
    }
  });
  const { port } = socket.address();
  logger.info({ address: `${address.host}:${port}` }, `${what} listening`);
  let isClosed = false;
  return {
    port,
    send(bytes, peer) {
      if (isClosed) return;
      // Who sends with a port of 0, or to nowhere, is not worth more than this.
      try {
        socket.send(bytes, peer.port, peer.address, (err) => {
          if (err !== null) logger.debug({ err }, `${what}: an answer could not be sent`);
        });
      } catch (err) {
        logger.debug({ err }, `${what}: an answer could not be sent`);
      }
    },
    close: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve();
        isClosed = true;
        socket.close(() => resolve());
      }),
  };
}
