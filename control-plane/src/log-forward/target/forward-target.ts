import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { hostname } from "node:os";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  encodePackedForward,
  encodePing,
  type FlatRecord,
  isSameDigest,
  MessagePackStream,
  MessagePackWriter,
  passwordDigest,
  readAck,
  readHelo,
  readPong,
  sharedKeyDigest,
  writeEntry,
} from "@mycloud/protocol/fluent-forward";
import type { NewLogRecord } from "../../log-store/index.ts";
import type { AddressGuard } from "../../outgoing-request/index.ts";
import { connectTarget, type TargetAddress } from "./connect-target.ts";
import type { LogTarget } from "./log-target.ts";

interface ForwardOptions extends TargetAddress {
  readonly secret: string | null;
  readonly username: string | null;
  readonly password: string | null;
}

const answerMs = 60_000;
const maximumAnswerBytes = 65_536;
const tag = "mycloud";
const compress = promisify(gzip);

/** Sends by Forward, a chunk at a time, and waits for its acknowledgement. With a secret or a user name it waits to be asked for them. */
export function createForwardTarget(options: ForwardOptions, guard: AddressGuard): LogTarget {
  let connection: Connection | null = null;
  return {
    async send(records, id, signal) {
      const packed = await compress(pack(records));
      const message = encodePackedForward(tag, packed, { chunk: id, size: records.length, compressed: "gzip" });
      try {
        if (connection === null || connection.socket.destroyed) connection = await open(options, guard, signal);
        connection.socket.write(message);
        const acknowledged = readAck(await connection.hear(signal));
        if (acknowledged !== id) throw new Error(`it acknowledged ${acknowledged ?? "nothing"} instead of the chunk`);
      } catch (error) {
        connection?.socket.destroy();
        connection = null;
        throw error;
      }
    },
    close() {
      connection?.socket.destroy();
    },
  };
}

function pack(records: readonly NewLogRecord[]): Buffer {
  const writer = new MessagePackWriter();
  for (const { timeUs, host, customer, source, service, severity, facility, message, fields } of records) {
    const own: FlatRecord = {
      message,
      host,
      source,
      service,
      customer: customer ?? undefined,
      severity: severity ?? undefined,
      facility: facility ?? undefined,
    };
    writeEntry(writer, timeUs, { ...fields, ...own });
  }
  return writer.take();
}

/** A connection, and what is said on it. */
class Connection {
  readonly socket: Socket;
  readonly #stream = new MessagePackStream(maximumAnswerBytes);
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#stream.push(bytes);
      this.#wake();
    });
    socket.on("close", () => this.#wake());
  }

  /** The next message. Throws when there is none within a minute, or the connection ends. */
  async hear(signal: AbortSignal): Promise<Buffer> {
    const timer = setTimeout(() => this.socket.destroy(), answerMs);
    const end = () => this.socket.destroy();
    signal.addEventListener("abort", end, { once: true });
    try {
      for (;;) {
        const message = this.#stream.next();
        if (message !== null) return Buffer.from(message);
        if (this.socket.destroyed || signal.aborted) throw new Error("the connection ended before an answer came");
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  }
}

async function open(options: ForwardOptions, guard: AddressGuard, signal: AbortSignal): Promise<Connection> {
  const { secret, username, password } = options;
  const connection = new Connection(await connectTarget(options, guard));
  if (secret === null && username === null) return connection;
  const { nonce, auth } = readHelo(await connection.hear(signal));
  const salt = Buffer.from(randomBytes(16).toString("hex"));
  const [hostName, key, userName] = [hostname(), secret ?? "", username ?? ""];
  connection.socket.write(
    encodePing({
      hostName,
      salt,
      digest: sharedKeyDigest({ salt, hostName, nonce, key }),
      userName,
      passwordDigest: auth.length === 0 ? "" : passwordDigest({ salt: auth, userName, password: password ?? "" }),
    }),
  );
  const pong = readPong(await connection.hear(signal));
  const isItself = isSameDigest(pong.digest, sharedKeyDigest({ salt, hostName: pong.hostName, nonce, key }));
  if (pong.isAccepted && isItself) return connection;
  connection.socket.destroy();
  throw new Error(pong.isAccepted ? "it does not have the shared key" : `it let us not in: ${pong.reason}`);
}
