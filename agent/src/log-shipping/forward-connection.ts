import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import {
  encodePackedForward,
  encodePing,
  isSameDigest,
  MessagePackStream,
  passwordDigest,
  readAck,
  readHelo,
  readPong,
  sharedKeyDigest,
} from "@mycloud/protocol/fluent-forward";
import type { LogJobDestination } from "@mycloud/protocol/log-source";
import type { WaitingChunk } from "../log-queue/index.ts";
import { connectSocket } from "./connect-socket.ts";
import { createWake } from "./wake.ts";

/** A connection to a destination that has let us in. */
export interface ForwardConnection {
  /** Resolves when the socket took it; throws when the connection ends before. */
  send(chunk: WaitingChunk, body: Buffer): Promise<void>;
  /** Why it ended; undefined while it is open. */
  readonly ended: Error | undefined;
  /** Whether it may be kept when nothing is to be sent. */
  readonly isKeptAlive: boolean;
  close(): void;
}

export interface ForwardConnectionOptions {
  readonly destination: LogJobDestination;
  readonly hostName: string;
  readonly onAcknowledged: (chunkId: string) => void;
  readonly onEnd: () => void;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Nothing that a server says to its senders is longer. */
const maximumAnswerBytes = 65_536;

/** Connects and proves who we are, and that the server is who it should be. Throws why it cannot. */
export async function openForwardConnection(options: ForwardConnectionOptions): Promise<ForwardConnection> {
  const { destination, timeoutMs, signal } = options;
  const socket = await connectSocket(destination, timeoutMs, signal);
  const stream = new MessagePackStream(maximumAnswerBytes);
  const arrived = createWake();
  const drained = createWake();
  let ended: Error | undefined;
  let isOpen = false;

  function end(error: Error): void {
    if (ended !== undefined) return;
    ended = error;
    socket.destroy();
    arrived.wake();
    drained.wake();
    options.onEnd();
  }

  function takeAnswers(): void {
    try {
      for (let bytes = stream.next(); bytes !== null; bytes = stream.next()) {
        if (isHelo(bytes)) throw new Error("the server wants a shared key, and the destination has no secret");
        const chunkId = readAck(bytes);
        if (chunkId !== null) options.onAcknowledged(chunkId);
      }
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  socket.on("data", (bytes) => {
    if (typeof bytes === "string") return;
    stream.push(bytes);
    if (isOpen) takeAnswers();
    else arrived.wake();
  });
  socket.on("error", end);
  socket.on("close", () => end(new Error("the server closed the connection")));
  socket.on("drain", drained.wake);

  /** The next message of the handshake. */
  async function answer(what: string): Promise<Buffer> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const bytes = stream.next();
      if (bytes !== null) return bytes;
      if (ended !== undefined) throw new Error(`${ended.message} before its ${what}`);
      signal.throwIfAborted();
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`the server sent no ${what} within ${timeoutMs / 1000} s`);
      await arrived.sleep(Math.min(leftMs, 1_000));
    }
  }

  let isKeptAlive = true;
  try {
    if (destination.secret !== null || destination.username !== null) {
      isKeptAlive = await shakeHands(socket, destination, options.hostName, answer);
    }
  } catch (error) {
    end(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  isOpen = true;
  takeAnswers();

  return {
    async send({ id, tag, records }, body) {
      if (ended !== undefined) throw ended;
      const message = encodePackedForward(tag, body, { size: records, chunk: id, compressed: "gzip" });
      if (socket.write(message)) return;
      while (socket.writableNeedDrain && ended === undefined) await drained.sleep(1_000);
      if (ended !== undefined) throw ended;
    },
    get ended() {
      return ended;
    },
    isKeptAlive,
    close: () => end(new Error("closed")),
  };
}

/** HELO, PING, PONG. Answers whether the server keeps connections. */
async function shakeHands(
  socket: Socket,
  { secret, username, password }: LogJobDestination,
  hostName: string,
  answer: (what: string) => Promise<Buffer>,
): Promise<boolean> {
  const key = secret ?? "";
  const { nonce, auth, isKeptAlive } = readHelo(await answer("HELO"));
  // Not the host's name: a server on the same host may call itself that.
  const ownName = `mycloud-agent@${hostName}`;
  const salt = Buffer.from(randomBytes(16).toString("hex"));
  socket.write(
    encodePing({
      hostName: ownName,
      salt,
      digest: sharedKeyDigest({ salt, hostName: ownName, nonce, key }),
      userName: username ?? "",
      passwordDigest:
        auth.length === 0 ? "" : passwordDigest({ salt: auth, userName: username ?? "", password: password ?? "" }),
    }),
  );
  const pong = readPong(await answer("PONG"));
  if (!pong.isAccepted) throw new Error(`the server refuses us: ${pong.reason || "no reason given"}`);
  // Whoever has no key could send our own proof back in our own name.
  const isProven =
    pong.hostName !== ownName &&
    isSameDigest(pong.digest, sharedKeyDigest({ salt, hostName: pong.hostName, nonce, key }));
  if (!isProven) throw new Error("the server does not have the shared key");
  return isKeptAlive;
}

/** An array of two that begins with the text HELO. */
function isHelo(bytes: Buffer): boolean {
  return bytes[0] === 0x92 && bytes.subarray(1, 8).includes("HELO");
}
