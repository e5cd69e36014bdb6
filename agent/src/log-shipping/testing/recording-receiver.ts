import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { gunzipSync } from "node:zlib";
import {
  encodeAck,
  encodeHelo,
  encodePong,
  MessagePackStream,
  passwordDigest,
  readForwardMessage,
  readPackedEntries,
  readPing,
  sharedKeyDigest,
} from "@mycloud/protocol/fluent-forward";

export interface ReceivedChunk {
  readonly id: string;
  readonly tag: string;
  readonly messages: readonly string[];
}

export interface RecordingReceiver {
  readonly port: number;
  /** In the order they came; a chunk that came twice is here twice. */
  readonly chunks: ReceivedChunk[];
  /** By chunk id, each once. */
  messages(): string[];
  /** What is done with a chunk; by default it is acknowledged. */
  onChunk: (chunk: ReceivedChunk) => "ack" | "close" | "ignore" | "keep-and-close";
  readonly connections: () => number;
  cut(): void;
  close(): Promise<void>;
}

/** A receiver of Forward on a free port, or on a given one, that does what it is told. */
export async function startRecordingReceiver(
  options: {
    readonly port?: number;
    readonly key?: string;
    /** What it proves to have. */
    readonly ownKey?: string;
    readonly user?: { readonly name: string; readonly password: string };
    readonly tls?: { readonly key: string; readonly cert: string };
  } = {},
): Promise<RecordingReceiver> {
  const sockets = new Set<Socket>();
  const chunks: ReceivedChunk[] = [];
  let connections = 0;

  function serve(socket: Socket): void {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    const stream = new MessagePackStream(64 * 1024 * 1024);
    const nonce = Buffer.from("0123456789abcdef");
    const auth = options.user === undefined ? Buffer.alloc(0) : Buffer.from("salt of passwords");
    let isIn = options.key === undefined;
    if (!isIn) socket.write(encodeHelo({ nonce, auth, isKeptAlive: true }));
    socket.on("data", (bytes) => {
      if (typeof bytes === "string") return;
      stream.push(bytes);
      for (let message = stream.next(); message !== null; message = stream.next()) {
        if (isIn) takeChunk(socket, message);
        else {
          const ping = readPing(message);
          const { user, key = "", ownKey = key } = options;
          const isRight =
            ping.digest === sharedKeyDigest({ salt: ping.salt, hostName: ping.hostName, nonce, key }) &&
            (user === undefined ||
              (ping.userName === user.name &&
                ping.passwordDigest === passwordDigest({ salt: auth, userName: user.name, password: user.password })));
          const digest = sharedKeyDigest({ salt: ping.salt, hostName: "receiver", nonce, key: ownKey });
          socket.write(encodePong({ isAccepted: isRight, reason: isRight ? "" : "no", hostName: "receiver", digest }));
          isIn = isRight;
        }
      }
    });
  }

  function takeChunk(socket: Socket, bytes: Buffer): void {
    const message = readForwardMessage(bytes);
    if (message.mode !== "compressed") throw new Error(`unexpected ${message.mode}`);
    const messages = [...readPackedEntries(gunzipSync(message.packed))].map(({ record }) => String(record.message));
    const chunk = { id: message.options.chunk ?? "", tag: message.tag, messages };
    const what = receiver.onChunk(chunk);
    if (what !== "close") chunks.push(chunk);
    if (what === "close" || what === "keep-and-close") socket.destroy();
    else if (what === "ack") socket.write(encodeAck(chunk.id));
  }

  const server: Server = options.tls === undefined ? createServer(serve) : createTlsServer({ ...options.tls }, serve);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const receiver: RecordingReceiver = {
    port: address.port,
    chunks,
    messages: () => [...new Map(chunks.map((chunk) => [chunk.id, chunk.messages])).values()].flat(),
    onChunk: () => "ack",
    connections: () => connections,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
