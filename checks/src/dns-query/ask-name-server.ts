import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import { monotonicMs } from "../connection/connect.ts";
import { explainNetworkError } from "../connection/explain-network-error.ts";
import { StoppedWaiting } from "../plugin/stopped-waiting.ts";
import { canonicalName } from "./domain-name.ts";
import { type DnsMessage, readMessage } from "./read-message.ts";
import { describeServer, type ServerAddress } from "./server-address.ts";
import { type DnsQuestion, writeQuery } from "./write-query.ts";

export interface AskOptions {
  readonly isTcp: boolean;
  /** How long one answer is waited for; a truncated answer is asked for again by TCP, with the same patience. */
  readonly timeoutMs: number;
}

/** What became of a question. */
export type Asked =
  | { readonly outcome: "answered"; readonly message: DnsMessage; readonly seconds: number }
  | { readonly outcome: "failed"; readonly reason: string };

/** Asks one server once. A failure is a value; rejects only with StoppedWaiting. Leaves no socket behind. */
export async function askNameServer(
  server: ServerAddress,
  question: DnsQuestion,
  options: AskOptions,
  signal: AbortSignal,
): Promise<Asked> {
  const id = randomInt(65_536);
  const query = writeQuery(id, question);
  if (query === undefined) return { outcome: "failed", reason: "that is not a domain name" };
  const startMs = monotonicMs();
  const isOurs = (message: DnsMessage): boolean =>
    message.isAnswer &&
    message.id === id &&
    // Some servers leave the question out where they fail; a success without it could be anybody's.
    (message.question === undefined
      ? message.resultCode !== 0
      : message.question.type === question.type && message.question.name === canonicalName(question.name));
  const exchange = options.isTcp ? askByTcp : askByUdp;
  try {
    const first = await exchange(server, query, options.timeoutMs, isOurs, signal);
    const message =
      first.isTruncated && !options.isTcp ? await askByTcp(server, query, options.timeoutMs, isOurs, signal) : first;
    return { outcome: "answered", message, seconds: (monotonicMs() - startMs) / 1_000 };
  } catch (error) {
    if (signal.aborted) throw new StoppedWaiting(`an answer from ${describeServer(server)}`);
    return { outcome: "failed", reason: explainNetworkError(error) };
  }
}

type Exchange = (
  server: ServerAddress,
  query: Buffer,
  timeoutMs: number,
  isOurs: (message: DnsMessage) => boolean,
  signal: AbortSignal,
) => Promise<DnsMessage>;

/** What is not an answer to our question is thrown away, as RFC 5452 wants: a forged packet does not end the wait for the true one. */
const askByUdp: Exchange = async ({ address, port }, query, timeoutMs, isOurs, signal) => {
  const { promise, resolve, reject } = Promise.withResolvers<DnsMessage>();
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  const patience = waitNoLonger(timeoutMs, signal, reject);
  let hadRubbish = false;
  patience.onEnd(() => (hadRubbish ? "what it answers cannot be read" : "no answer"));
  socket.on("error", reject);
  socket.on("message", (packet) => {
    const message = readMessage(packet);
    if (message === undefined) hadRubbish = true;
    else if (isOurs(message)) resolve(message);
  });
  // Connected, the kernel takes packets from that server alone, and tells when nothing listens there.
  socket.connect(port, address, () => socket.send(query));
  try {
    return await promise;
  } finally {
    patience.dispose();
    socket.close();
  }
};

const askByTcp: Exchange = async ({ address, port }, query, timeoutMs, isOurs, signal) => {
  const { promise, resolve, reject } = Promise.withResolvers<DnsMessage>();
  const socket = connect({ host: address, port });
  const patience = waitNoLonger(timeoutMs, signal, reject);
  patience.onEnd(() => "no answer by TCP");
  let received = Buffer.alloc(0);
  socket.on("error", reject);
  socket.on("end", () => reject(new Error("the connection was closed without an answer")));
  socket.on("data", (octets: Buffer) => {
    received = Buffer.concat([received, octets]);
    const length = received.length < 2 ? Infinity : received.readUInt16BE(0);
    if (received.length < length + 2) return;
    const message = readMessage(received.subarray(2, length + 2));
    if (message !== undefined && isOurs(message)) resolve(message);
    else reject(new Error("what it answers by TCP cannot be read"));
  });
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  socket.write(Buffer.concat([length, query]));
  try {
    return await promise;
  } finally {
    patience.dispose();
    socket.destroy();
  }
};

/** Rejects after a while, or when the signal fires. */
function waitNoLonger(timeoutMs: number, signal: AbortSignal, reject: (error: Error) => void) {
  let reason = () => "no answer";
  const timer = setTimeout(() => reject(new Error(reason())), timeoutMs);
  const onAbort = (): void => reject(new Error("stopped"));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    onEnd(say: () => string) {
      reason = say;
    },
    dispose() {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    },
  };
}
