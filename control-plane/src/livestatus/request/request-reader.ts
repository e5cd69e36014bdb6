import { RequestError } from "./request.ts";

/** Bounds on what a peer may send before we answer. */
export interface RequestLimits {
  readonly lineBytes: number;
  readonly lines: number;
  readonly requestBytes: number;
}

export const defaultRequestLimits: RequestLimits = { lineBytes: 65_536, lines: 65_536, requestBytes: 4 * 1024 * 1024 };

/**
 * Cuts a byte stream into requests: lines, ended by an empty one. Push what came, take what is complete. Holds at most one request's bytes more
 * than was pushed last; throws RequestError (413) for one that is larger than allowed, after which the stream cannot be followed any further.
 */
export class RequestReader {
  readonly #limits: RequestLimits;
  #rest: Buffer = Buffer.alloc(0);
  #searchedTo = 0;
  #lines: string[] = [];
  #bytes = 0;

  constructor(limits: RequestLimits = defaultRequestLimits) {
    this.#limits = limits;
  }

  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
  }

  /** The next request's lines; undefined when it is not complete yet. Empty lines between requests are passed over. */
  take(): readonly string[] | undefined {
    while (true) {
      const end = this.#rest.indexOf(10, this.#searchedTo);
      if (end < 0) {
        this.#searchedTo = this.#rest.length;
        if (this.#rest.length > this.#limits.lineBytes)
          throw tooLarge(`a line is longer than ${this.#limits.lineBytes} bytes`);
        return undefined;
      }
      // A command may be followed by the next request without an empty line between them.
      if (this.#lines[0]?.startsWith("COMMAND") && beginsRequest(this.#rest.subarray(0, end))) return this.#finish();
      const line = this.#lineUpTo(end);
      if (line !== "") {
        this.#keep(line, end);
      } else if (this.#lines.length > 0) return this.#finish();
    }
  }

  /** What is left when the peer has closed its side: a last request may lack its empty line. */
  takeLast(): readonly string[] | undefined {
    const complete = this.take();
    if (complete !== undefined) return complete;
    if (this.#rest.length > 0) {
      this.#keep(this.#lineUpTo(this.#rest.length), this.#rest.length);
      this.#rest = Buffer.alloc(0);
    }
    return this.#lines.length > 0 ? this.#finish() : undefined;
  }

  get bufferedBytes(): number {
    return this.#rest.length + this.#bytes;
  }

  #lineUpTo(end: number): string {
    if (end > this.#limits.lineBytes) throw tooLarge(`a line is longer than ${this.#limits.lineBytes} bytes`);
    const line = this.#rest.toString("utf8", 0, end);
    this.#rest = this.#rest.subarray(Math.min(end + 1, this.#rest.length));
    this.#searchedTo = 0;
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }

  #keep(line: string, bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.requestBytes)
      throw tooLarge(`the request is larger than ${this.#limits.requestBytes} bytes`);
    if (this.#lines.push(line) > this.#limits.lines)
      throw tooLarge(`the request has more than ${this.#limits.lines} lines`);
  }

  #finish(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#bytes = 0;
    return lines;
  }
}

function beginsRequest(line: Buffer): boolean {
  return /^(GET|COMMAND)\b/.test(line.toString("latin1", 0, 8));
}

function tooLarge(message: string): RequestError {
  return new RequestError(413, message);
}
