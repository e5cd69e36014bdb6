import type { Socket } from "node:net";
import { MessagePackStream } from "@mycloud/protocol/fluent-forward";

/** The messages of a connection, one after another; nothing more is read while one is worked on. */
export class MessageReader {
  readonly #stream: MessagePackStream;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #coming: Promise<IteratorResult<Uint8Array>> | null = null;

  constructor(socket: Socket, maximumBytes: number) {
    this.#stream = new MessagePackStream(maximumBytes);
    // What was read is answered after the sender closed its side.
    this.#chunks = socket.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  }

  set maximumBytes(bytes: number) {
    this.#stream.maximumBytes = bytes;
  }

  get heldBytes(): number {
    return this.#stream.heldBytes;
  }

  /** Whether the sender says anything within the time, or ends. */
  async saysAnythingWithin(ms: number): Promise<boolean> {
    this.#coming ??= this.#chunks.next();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    const sound = this.#coming.then(
      () => true,
      () => true,
    );
    const answer = await Promise.race([sound, silence]);
    clearTimeout(timer);
    return answer;
  }

  /** The next message, valid until the one after it is asked for; null at the end. Throws MessagePackError, and what the socket throws. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const message = this.#stream.next();
      if (message !== null) return message;
      const coming = this.#coming ?? this.#chunks.next();
      this.#coming = null;
      const { done, value } = await coming;
      if (done === true) return null;
      this.#stream.push(value);
    }
  }
}
