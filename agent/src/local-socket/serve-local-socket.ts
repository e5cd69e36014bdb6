import { chmod, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import type { Logger } from "../logger/index.ts";
import { type LocalAnswer, LocalRequest, maximumLineBytes } from "./local-words.ts";
import { openSocketPlace } from "./socket-place.ts";

export interface LocalSocketOptions {
  readonly path: string;
  readonly answer: (request: LocalRequest) => Promise<LocalAnswer>;
  readonly logger: Logger;
}

const silenceMs = 5_000;
const maximumConnections = 16;

/** Listens until the returned function is called. What a killed agent left of its socket is replaced. Throws what the file system says. */
export async function serveLocalSocket({ path, answer, logger }: LocalSocketOptions): Promise<() => Promise<void>> {
  const place = await openSocketPlace(path);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => undefined);
    socket.setTimeout(silenceMs, () => socket.destroy());
    readLine(socket, (line) => {
      reply(socket, line).catch((err: unknown) => {
        logger.warn({ err }, "a request of this machine could not be answered");
        socket.destroy();
      });
    });
  });
  server.maxConnections = maximumConnections;

  async function reply(socket: Socket, line: string): Promise<void> {
    const request = LocalRequest.safeParse(parseJson(line));
    if (!request.success) return void socket.destroy();
    socket.end(`${JSON.stringify(await answer(request.data))}\n`);
  }

  // From its first moment on it is its owner's alone.
  const umask = process.umask(0o177);
  try {
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(place.name, resolve);
    });
  } finally {
    process.umask(umask);
  }
  await chmod(path, 0o600);
  return async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await place.close();
  };
}

function readLine(socket: Socket, onLine: (line: string) => void): void {
  let text = "";
  const onData = (part: Buffer) => {
    text += part.toString("latin1");
    if (text.length > maximumLineBytes) return void socket.destroy();
    const end = text.indexOf("\n");
    if (end === -1) return;
    socket.off("data", onData);
    onLine(Buffer.from(text.slice(0, end), "latin1").toString("utf8"));
  };
  socket.on("data", onData);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
