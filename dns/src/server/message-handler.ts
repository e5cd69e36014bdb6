import type { StreamAnswer } from "./stream-listener.ts";

/** Where a message came from, and how. */
export interface MessageArrival {
  /** As sockets tell it; IPv4 through an IPv6 socket as `::ffff:192.0.2.1`. */
  readonly address: string;
  readonly transport: "udp" | "tcp" | "tls";
}

/** Answers messages. It never throws, and never rejects, for what a message says. */
export interface MessageHandler {
  /** By UDP: at most one message, cut to what the client can take; undefined: none. Ordinary queries are answered at once, without a promise. */
  handleDatagram(octets: Buffer, arrival: MessageArrival): Buffer | undefined | Promise<Buffer | undefined>;
  /** By TCP or TLS: also many messages (zone transfers), made as fast as they are taken; who takes no more of them calls the iterator's `return`. */
  handleStream(octets: Buffer, arrival: MessageArrival): StreamAnswer | Promise<StreamAnswer>;
}
