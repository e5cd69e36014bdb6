import { connect } from "node:net";

/** Sends a query, its lines without the empty one at the end, and reads until the server has closed: what nc and unixcat do. */
export async function askLivestatus(target: number | string, query: string): Promise<string> {
  const socket = typeof target === "number" ? connect(target, "127.0.0.1") : connect(target);
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve, reject) => {
    socket.once("close", () => resolve());
    socket.once("error", reject);
  });
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.end(`${query.trimEnd()}\n\n`);
  await closed;
  return Buffer.concat(chunks).toString("utf8");
}

/** An answer with its fixed16 header read; as viewers do, many over one connection. */
export interface LivestatusAnswer {
  readonly code: number;
  readonly body: string;
}

/** A connection that is kept, as NagVis and Thruk keep theirs: every query is sent with fixed16 and KeepAlive. */
export async function openLivestatus(port: number) {
  const socket = connect(port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  let received = Buffer.alloc(0);
  let wake: (() => void) | undefined;
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake?.();
  });
  socket.on("close", () => wake?.());
  async function take(length: number): Promise<Buffer> {
    while (received.length < length) {
      if (socket.destroyed) throw new Error(`the server closed the connection after ${received.length} bytes`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const taken = received.subarray(0, length);
    received = received.subarray(length);
    return taken;
  }
  return {
    async ask(query: string): Promise<LivestatusAnswer> {
      socket.write(`${query.trim()}\nKeepAlive: on\nResponseHeader: fixed16\n\n`);
      const header = (await take(16)).toString("latin1");
      const body = await take(Number(header.slice(4, 15)));
      return { code: Number(header.slice(0, 3)), body: body.toString("utf8") };
    },
    close: () => socket.destroy(),
  };
}
