import { hash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type StateLayout, stateLayout } from "../repository/index.ts";
import { type StorageServer, type StorageServerOptions, startStorageServer } from "../server/index.ts";

/** An answer, its body whole. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON. */
  json<T>(): T;
}

/** What is sent beside method and path. */
export interface TestRequest {
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running server and how to talk to it. */
export interface TestServer {
  readonly server: StorageServer;
  readonly stateDirectory: string;
  readonly layout: StateLayout;
  /** What was logged as a warning or an error. */
  readonly complaints: readonly { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[];
  /** Sends a request; the path goes out as it is. */
  send(method: string, path: string, request?: TestRequest): Promise<TestAnswer>;
  /** Writes bytes to a connection and reads until the server closes it or `timeoutMs` is over. */
  raw(bytes: string | Uint8Array, timeoutMs?: number): Promise<string>;
  /** Stores bytes under their name; returns the name. Fails when the server does not answer 200. */
  put(repository: string, type: string, bytes: Uint8Array, request?: TestRequest): Promise<string>;
}

/** Starts a server on a free port, open to everybody and with an idle scrub unless told otherwise; it ends with the test. */
export async function startTestServer(
  t: Pick<TestContext, "after">,
  options: Partial<StorageServerOptions> = {},
): Promise<TestServer> {
  const own = options.stateDirectory === undefined ? await mkdtemp(join(tmpdir(), "mycloud-storage-")) : null;
  const stateDirectory = options.stateDirectory ?? own ?? "";
  const complaints: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const complain = (fields: Readonly<Record<string, unknown>>, message: string) => {
    complaints.push({ fields, message });
  };
  const isOpen = options.tokenPublicKeyFiles === undefined && options.passwordFile === undefined;
  const server = await startStorageServer({
    listen: "127.0.0.1:0",
    isOpen,
    scrubBytesPerSecond: 0,
    reserveBytes: 1024 * 1024,
    closeTimeoutMs: 2_000,
    now: Date.now,
    logger: { debug: () => {}, info: () => {}, warn: complain, error: complain },
    ...options,
    stateDirectory,
  });
  t.after(async () => {
    await server.close();
    if (own !== null) await rm(own, { recursive: true });
  });
  const { hostname, port } = new URL(server.address);

  const send: TestServer["send"] = async (method, path, { body, headers = {} } = {}) => {
    const length = body === undefined ? {} : { "content-length": String(body.length) };
    const request = httpRequest({ hostname, port, method, path, headers: { ...length, ...headers }, agent: false });
    request.end(body);
    const [response] = await once(request, "response");
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const text = bytes.toString();
    return { status: response.statusCode, headers: response.headers, bytes, text, json: () => JSON.parse(text) };
  };

  return {
    server,
    stateDirectory,
    layout: stateLayout(stateDirectory),
    complaints,
    send,
    async raw(bytes, timeoutMs = 2_000) {
      const socket = connect(Number(port), hostname);
      let text = "";
      socket.on("data", (piece) => {
        text += piece.toString("latin1");
      });
      socket.on("error", () => {});
      socket.write(bytes);
      const timer = setTimeout(() => socket.destroy(), timeoutMs);
      await once(socket, "close");
      clearTimeout(timer);
      return text;
    },
    async put(repository, type, bytes, request = {}) {
      const name = hash("sha256", bytes, "hex");
      const answer = await send("POST", `/${repository}/${type}/${name}`, { ...request, body: bytes });
      if (answer.status !== 200) throw new Error(`${type} was not stored: ${answer.status} ${answer.text}`);
      return name;
    },
  };
}

/** Bytes that nothing else has, and their name. */
export function someObject(sizeBytes = 100): { readonly bytes: Buffer; readonly name: string } {
  const bytes = randomBytes(sizeBytes);
  return { bytes, name: hash("sha256", bytes, "hex") };
}
