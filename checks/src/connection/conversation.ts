import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { printable } from "../plugin/printable.ts";
import { StoppedWaiting } from "../plugin/stopped-waiting.ts";

const MAX_BYTES = 64 * 1024;

/**
 * A text protocol spoken over a socket: write, then read lines or until enough has come. Keeps at most 64 KiB unread.
 * Bytes are held as latin1, one character each, so nothing is lost or misjudged before it is shown.
 */
export class Conversation {
  #socket: Socket;
  #received = "";
  #isEnded = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => {
    this.#socket.destroy();
    this.#wake?.();
  };

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#listen(socket);
  }

  get received(): string {
    return this.#received;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  write(text: string): void {
    if (!this.#socket.destroyed) this.#socket.write(text, "latin1");
  }

  /** The next line without its end; throws when the connection closes first. `waitingFor` names it in errors. */
  async readLine(waitingFor: string): Promise<string> {
    await this.waitUntil((text) => text.includes("\n"), waitingFor);
    const end = this.#received.indexOf("\n");
    if (end === -1) {
      const rest = this.#received === "" ? "" : ` after "${printable(this.#received, 80)}"`;
      throw this.#error ?? new Error(`connection closed${rest} while waiting for ${waitingFor}`);
    }
    const line = this.#received.slice(0, end).replace(/\r$/, "");
    this.#received = this.#received.slice(end + 1);
    return line;
  }

  /**
   * Waits until what was received satisfies a test, the other side has closed, 64 KiB have come, or, once something has
   * come, nothing more did for `quietMs`.
   */
  async waitUntil(isEnough: (received: string) => boolean, waitingFor: string, quietMs = Infinity): Promise<void> {
    let isQuiet = false;
    while (!isQuiet && !isEnough(this.#received) && !this.#isEnded && this.#received.length < MAX_BYTES) {
      if (this.#signal.aborted) throw new StoppedWaiting(waitingFor);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (quietMs === Infinity || this.#received === "") return;
        timer = setTimeout(() => {
          isQuiet = true;
          resolve();
        }, quietMs);
      });
      clearTimeout(timer);
    }
    if (this.#signal.aborted) throw new StoppedWaiting(waitingFor);
  }

  /** Goes on over TLS: `upgrade` makes the secured socket of the plain one. */
  async secure<Secured extends TLSSocket>(upgrade: (plain: Socket) => Promise<Secured>): Promise<Secured> {
    this.#socket.removeAllListeners("data");
    this.#socket.removeAllListeners("close");
    const secured = await upgrade(this.#socket);
    this.#socket = secured;
    this.#listen(secured);
    return secured;
  }

  close(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.on("data", (chunk: Buffer) => {
      const room = MAX_BYTES - this.#received.length;
      if (room > 0) this.#received += chunk.toString("latin1", 0, room);
      this.#wake?.();
    });
    const onEnd = (): void => {
      this.#isEnded = true;
      this.#wake?.();
    };
    socket.on("end", onEnd);
    socket.on("close", onEnd);
    socket.on("error", (error) => {
      this.#error = error;
      onEnd();
    });
  }
}
