import type { Socket } from "node:net";
import { fixed16 } from "../format/index.ts";
import type { Answer } from "../query/index.ts";
import { type ParsedRequest, parseRequest, RequestError, RequestReader } from "../request/index.ts";

export interface ConnectionDependencies {
  /** Answers what is no command. */
  readonly answer: (
    request: Exclude<ParsedRequest, { readonly kind: "command" }>,
    signal: AbortSignal,
  ) => Promise<Answer>;
  /** Carries a command out; it is answered by nothing, as everywhere. */
  readonly command: (line: string, authUser: string | null) => Promise<void>;
  readonly now: () => number;
  /** How long a peer may be silent. */
  readonly idleMs: number;
}

/**
 * Serves one connection until either side ends it: requests in the order they came, one at a time; nothing more is read while a request is
 * answered or its answer is not taken, so a peer can make us hold one request and one answer. Resolves when it is closed; never throws.
 */
export async function serveConnection(
  socket: Socket,
  deps: ConnectionDependencies,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, stopping]);
  const reader = new RequestReader();
  let idle = setTimeout(() => socket.destroy(), deps.idleMs);
  const isBusy = () => clearTimeout(idle);
  const isIdle = () => {
    clearTimeout(idle);
    idle = setTimeout(() => socket.destroy(), deps.idleMs);
  };
  socket.on("error", () => socket.destroy());
  socket.once("close", () => gone.abort());
  const onStop = () => socket.destroy();
  stopping.addEventListener("abort", onStop, { once: true });
  try {
    // Ended by us, and not by leaving the loop: what was written has to arrive first.
    for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
      reader.push(bytes);
      for (let lines = reader.take(); lines !== undefined; lines = reader.take()) {
        isBusy();
        if (!(await serve(lines))) return;
        isIdle();
      }
      isIdle();
    }
    // The peer has closed its side and may still read.
    const last = reader.takeLast();
    if (last !== undefined) await serve(last);
  } catch (error) {
    if (error instanceof RequestError) {
      const body = Buffer.from(`${error.message}\n`);
      await write(Buffer.concat([fixed16(error.code, body.length), body])).catch(() => undefined);
    }
  } finally {
    clearTimeout(idle);
    stopping.removeEventListener("abort", onStop);
    await endGently(socket);
  }

  /** False when the connection ends with this request. */
  async function serve(lines: readonly string[]): Promise<boolean> {
    const request = parseRequest(lines, deps.now());
    if (request.kind === "command") {
      await deps.command(request.line, request.authUser);
      return true;
    }
    const { code, body, style } = await deps.answer(request, signal);
    // Without a header there is no way to tell an answer from an error, so an error is silence.
    if (style.hasFixed16) await write(Buffer.concat([fixed16(code, body.length), body]));
    else if (code === 200) await write(body);
    return style.isKeptAlive;
  }

  async function write(bytes: Buffer): Promise<void> {
    signal.throwIfAborted();
    if (socket.write(bytes)) return;
    isIdle();
    await new Promise<void>((resolve, reject) => {
      const onClose = () => reject(new Error("the peer has gone"));
      socket.once("close", onClose);
      socket.once("drain", () => {
        socket.off("close", onClose);
        resolve();
      });
    });
    isBusy();
  }
}

/** A peer that is still sending would lose our last answer if the connection were cut: what it sends is thrown away for a moment. */
const lingerMs = 1000;

async function endGently(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once("end", () => socket.destroySoon());
    socket.end();
    socket.resume();
    if (socket.readableEnded) socket.destroySoon();
  });
}
