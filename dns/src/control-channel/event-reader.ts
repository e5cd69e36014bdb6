/** One server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** A configuration of 100,000 zones is some 50 MB. */
const maximumCharacters = 256 * 1024 * 1024;

/** Cuts a stream of text into events. Throws RangeError for an event that does not end. */
export class EventReader {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #length = 0;

  *push(text: string): Generator<ServerEvent> {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (this.#data.length > 0) yield { event: this.#event || "message", data: this.#data.join("\n") };
        this.#event = "";
        this.#data = [];
        this.#length = 0;
        continue;
      }
      this.#take(line);
    }
    if (this.#length + this.#rest.length > maximumCharacters)
      throw new RangeError("an event of the stream is too long");
  }

  #take(line: string): void {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") this.#event = value;
    if (field !== "data") return;
    this.#data.push(value);
    this.#length += value.length;
  }
}
