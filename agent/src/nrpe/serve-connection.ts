import type { Duplex } from "node:stream";
import {
  cutText,
  maximumText,
  type NrpeCommandLine,
  type NrpePacket,
  parseNrpeCommandLine,
  readNrpePacket,
  writeNrpePacket,
} from "@mycloud/checks/nrpe";

/** What a question is answered with. */
export interface NrpeAnswer {
  readonly resultCode: number;
  readonly text: string;
}

export interface ConnectionDependencies {
  readonly answer: (line: NrpeCommandLine, signal: AbortSignal) => Promise<NrpeAnswer>;
  /** Told why a connection was closed without an answer. */
  readonly onFault: (reason: string) => void;
  /** How long the question may take to come, and the answer to be taken. */
  readonly idleMs: number;
}

/** A command and its arguments: check_nrpe's own limit of a command line is 2 KiB. */
const maximumQuery = 8_192;

/**
 * Serves one connection: one question, one answer, as nrpe does. What is no question (wrong version, wrong CRC, a response) is closed
 * without a word, as nrpe does. Resolves when it is over; never throws.
 */
export async function serveConnection(
  socket: Duplex,
  deps: ConnectionDependencies,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, stopping]);
  const destroy = () => socket.destroy();
  let idle = setTimeout(destroy, deps.idleMs);
  socket.on("error", destroy);
  socket.once("close", () => gone.abort());
  stopping.addEventListener("abort", destroy, { once: true });
  try {
    const query = await readQuery(socket);
    clearTimeout(idle);
    if (query === undefined) return;
    if (typeof query === "string") return deps.onFault(query);
    const { resultCode, text } = await deps.answer(parseNrpeCommandLine(query.text.toString("utf8")), signal);
    if (signal.aborted) return;
    idle = setTimeout(destroy, deps.idleMs);
    const { version } = query;
    await end(
      socket,
      writeNrpePacket({ version, type: "response", resultCode, text: cutText(text, maximumText[version]) }),
    );
  } catch {
    // The peer has gone, which is its right.
  } finally {
    clearTimeout(idle);
    stopping.removeEventListener("abort", destroy);
    socket.destroy();
  }
}

/** The query; undefined when the peer went before it was whole, a reason when it is none. */
function readQuery(socket: Duplex): Promise<NrpePacket | string | undefined> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    const onData = (bytes: Buffer) => {
      received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
      const read = readNrpePacket(received, maximumQuery);
      if (read.kind === "incomplete") return;
      // What follows is not read; that the peer goes is noticed all the same.
      socket.off("data", onData);
      socket.resume();
      if (read.kind === "fault") resolve(read.reason);
      else resolve(read.packet.type === "query" ? read.packet : "a response was sent where a query belongs");
    };
    socket.on("data", onData);
    socket.once("close", () => resolve(undefined));
    socket.once("end", () => resolve(undefined));
  });
}

function end(socket: Duplex, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.end(bytes, () => resolve());
  });
}
