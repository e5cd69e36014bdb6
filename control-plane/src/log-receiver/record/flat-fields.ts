import { type LogFieldValue, logLimits } from "@mycloud/protocol/log-record";
import { cutText } from "./cut-text.ts";

/** Fields on their way into a record, within `logLimits`. What was cut or left out is remembered. */
export class FlatFields {
  readonly values: Record<string, LogFieldValue> = {};
  isTruncated = false;
  #count = 0;

  /** A value under a name; what is nested is joined by dots, lists of plain values by commas. Null is left out. */
  add(name: string, value: unknown, depth = 0): void {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) this.#addList(name, value, depth);
    else if (value instanceof Uint8Array) this.#put(name, Buffer.from(value).toString("utf8"));
    else if (typeof value === "object") this.#addNested(name, value, depth);
    else if (typeof value === "bigint") this.#put(name, value.toString());
    else if (typeof value === "number") this.#put(name, Number.isFinite(value) ? value : String(value));
    else if (typeof value === "boolean" || typeof value === "string") this.#put(name, value);
  }

  #addNested(name: string, value: object, depth: number): void {
    if (depth >= maximumDepth) {
      this.isTruncated = true;
      return;
    }
    for (const [key, entry] of Object.entries(value)) {
      if (this.#isFull()) return;
      this.add(name === "" ? key : `${name}.${key}`, entry, depth + 1);
    }
  }

  #addList(name: string, list: readonly unknown[], depth: number): void {
    const isPlain = list.every((entry) => typeof entry !== "object" || entry === null);
    if (isPlain) this.#put(name, list.slice(0, 1_000).join(","));
    else this.#addNested(name, list, depth);
  }

  #put(name: string, value: LogFieldValue): void {
    const key = name.length > logLimits.fieldName ? name.slice(0, logLimits.fieldName) : name;
    if (key === "" || this.#isFull()) return;
    const kept = typeof value === "string" ? cutText(value, logLimits.fieldValue) : value;
    if (kept !== value || key !== name) this.isTruncated = true;
    if (!Object.hasOwn(this.values, key)) this.#count += 1;
    // Assigned as usual, this one name would change what kind of object it is.
    if (key === "__proto__") {
      Object.defineProperty(this.values, key, { value: kept, enumerable: true, configurable: true, writable: true });
    } else this.values[key] = kept;
  }

  #isFull(): boolean {
    // Some are for what the receiver has to say itself.
    if (this.#count < logLimits.fields - reservedFields) return false;
    this.isTruncated = true;
    return true;
  }
}

const maximumDepth = 8;
const reservedFields = 3;
