import { connect, type Socket } from "node:net";
import { createNscaCipher, greetingLength, type NscaMethod, readGreeting, writeNscaPacket } from "@mycloud/checks/nsca";
import { allTaken, type ForwardedResult, type Handover } from "./forwarded-result.ts";

export interface NscaReceiver {
  readonly host: string;
  readonly port: number;
  readonly method: NscaMethod;
  readonly password: string | null;
  readonly isOnePerConnection?: boolean | undefined;
}

/** So many packets are encrypted and handed to the connection before the receiver has to have read them: some hundred KiB. */
const packetsPerWrite = 64;

/** For greeting, sending, and the receiver's closing, each. */
const patienceMs = 20_000;

/**
 * Sends results in order. NSCA has no answers: what arrives at a receiver with another password, or is of a host that it does not know, is lost there.
 * Throws an Error in words when the connection fails before the receiver has read everything and closed.
 */
export async function sendByNsca(
  receiver: NscaReceiver,
  results: readonly Omit<ForwardedResult, "checkedAtMs">[],
  signal: AbortSignal,
): Promise<Handover> {
  const groups = receiver.isOnePerConnection === true ? results.map((result) => [result]) : [results];
  for (const group of groups) await sendGroup(receiver, group, signal);
  return allTaken;
}

async function sendGroup(
  { host, port, method, password }: NscaReceiver,
  results: readonly Omit<ForwardedResult, "checkedAtMs">[],
  signal: AbortSignal,
): Promise<void> {
  const socket = connect({ host, port, signal });
  socket.setTimeout(patienceMs, () => socket.destroy(new Error(`nothing from ${host} for ${patienceMs / 1000} s`)));
  try {
    const { iv, timestampSeconds } = readGreeting(await greeting(socket));
    const encrypt = createNscaCipher(method, "encrypt", password ?? "", iv);
    for (let start = 0; start < results.length; start += packetsPerWrite) {
      const batch = results.slice(start, start + packetsPerWrite);
      const packets = batch.map((result) => encrypt(writeNscaPacket({ ...result, timestampSeconds })));
      await send(socket, Buffer.concat(packets));
    }
    await finish(socket);
  } finally {
    socket.destroy();
  }
}

function greeting(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      if (received.length < greetingLength) received = Buffer.concat([received, bytes]);
      if (received.length >= greetingLength) resolve(received.subarray(0, greetingLength));
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the connection was closed before NSCA's greeting")));
  });
}

/** Hands bytes to the system; rejects when the connection ends first. */
function send(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error == null ? resolve() : reject(error)));
  });
}

/** Ends our side, and waits until the receiver has read it all: it closes when it sees our end. */
function finish(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const cutOff = () => reject(new Error("the connection was closed before everything was sent"));
    if (socket.destroyed) return cutOff();
    socket.once("error", reject);
    socket.once("close", (hadError) => (!hadError && socket.writableFinished ? resolve() : cutOff()));
    socket.end();
  });
}
