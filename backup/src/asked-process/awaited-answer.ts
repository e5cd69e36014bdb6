/** What was answered: the head, and the body where there is one. */
export interface Answer<Head> {
  readonly head: Head;
  /** Made while it is read; `return()` ends the work. */
  readonly body: AsyncGenerator<Uint8Array> | null;
}

export interface AwaitedAnswerOptions {
  readonly signal: AbortSignal;
  /** So many bytes of the body have been read by whoever asked. */
  readonly onConsumed: (bytes: number) => void;
  /** Nobody wants it any more; called once at most, and not after its end. */
  readonly onGivenUp: () => void;
}

/** An answer as it comes in from the other process. */
export class AwaitedAnswer<Head> {
  readonly head: Promise<{ readonly head: Head; readonly hasBody: boolean }>;
  readonly #options: AwaitedAnswerOptions;
  readonly #headed = Promise.withResolvers<{ readonly head: Head; readonly hasBody: boolean }>();
  readonly #arrived: Uint8Array[] = [];
  #wake: () => void = () => undefined;
  #isEnded = false;
  #failure: unknown = null;

  constructor(options: AwaitedAnswerOptions) {
    this.#options = options;
    this.head = this.#headed.promise;
    // Whoever reads the body hears of its failure there.
    this.head.catch(() => undefined);
    options.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  takeHead(head: Head, hasBody: boolean): void {
    this.#headed.resolve({ head, hasBody });
  }

  takeBytes(bytes: Uint8Array): void {
    this.#arrived.push(bytes);
    this.#wake();
  }

  /** It is whole, or it failed. */
  end(failure: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#failure = failure;
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    if (failure !== null) this.#headed.reject(failure);
    this.#wake();
  }

  /** The bytes; `return()` gives the answer up, also before the first of them was asked for. */
  body(): AsyncGenerator<Uint8Array> {
    const bytes = this.#bytes();
    const end = bytes.return.bind(bytes);
    bytes.return = (value) => {
      this.#giveUp(null);
      return end(value);
    };
    return bytes;
  }

  async *#bytes(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        // Bytes that came before a failure are not handed out: whoever reads slowly would hear of it late.
        if (this.#failure !== null) throw this.#failure;
        const bytes = this.#arrived.shift();
        if (bytes !== undefined) {
          yield bytes;
          this.#options.onConsumed(bytes.length);
        } else if (this.#isEnded) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.#giveUp(null);
    }
  }

  readonly #onAbort = () => this.#giveUp(this.#options.signal.reason);

  #giveUp(reason: unknown): void {
    if (this.#isEnded) return;
    this.end(reason);
    this.#options.onGivenUp();
  }
}
