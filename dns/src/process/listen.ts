import type { TlsOptions } from "node:tls";
import {
  defaultStreamLimits,
  listenStream,
  listenUdp,
  type MessageHandler,
  type StreamListener,
  type UdpListener,
} from "../server/index.ts";
import { formatListenAddress } from "./listen-address.ts";
import type { Listening, TlsContent } from "./messages.ts";

export interface ListenOptions {
  readonly listening: readonly Listening[];
  readonly isShared: boolean;
  readonly tls: TlsContent | null;
  readonly handler: MessageHandler;
  readonly onLost: (reason: string) => void;
  readonly onFault: (error: unknown) => void;
}

const handshakeMs = 10_000;

/** Everything that a worker listens on. */
export interface Listeners {
  readonly connections: number;
  /** Another certificate for those who connect from now on. */
  renewTls(tls: TlsContent): void;
  close(): Promise<void>;
}

/** An address that cannot be listened on. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly address: string;
  readonly code: string;

  constructor(listening: Listening, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const address = `${listening.transport} ${formatListenAddress(listening)}`;
    super(`${address} cannot be listened on (${code})`, { cause });
    this.address = address;
    this.code = code;
  }
}

/** Opens all of them, or none. Rejects with ListenError. */
export async function listenAll(options: ListenOptions): Promise<Listeners> {
  const open: (UdpListener | StreamListener)[] = [];
  const close = async () => {
    await Promise.all(open.map((each) => each.close()));
  };
  for (const each of options.listening) {
    try {
      open.push(await listenOne(each, options));
    } catch (error) {
      await close();
      throw new ListenError(each, error);
    }
  }
  return {
    get connections() {
      return open.reduce((sum, each) => sum + ("connections" in each ? each.connections : 0), 0);
    },
    renewTls: (tls) => {
      for (const each of open) if ("renewTls" in each) each.renewTls(tls);
    },
    close,
  };
}

function listenOne(listening: Listening, options: ListenOptions): Promise<UdpListener | StreamListener> {
  const { transport, address, port } = listening;
  const { handler, isShared, onLost, onFault } = options;
  if (transport === "udp") {
    return listenUdp({
      address,
      port,
      isShared,
      answer: (octets, from) => handler.handleDatagram(octets, { address: from, transport }),
      onLost,
      onFault,
    });
  }
  const tls: TlsOptions | null = transport === "tls" ? { ...options.tls, handshakeTimeout: handshakeMs } : null;
  return listenStream({
    address,
    port,
    isShared,
    tls,
    answer: (octets, from) => handler.handleStream(octets, { address: from, transport }),
    limits: defaultStreamLimits,
    onLost,
    onFault,
  });
}
