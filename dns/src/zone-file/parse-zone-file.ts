import { type DomainName, formatName, isAtOrBelow, NameError, parseName } from "../name/index.ts";
import {
  type Entry,
  formatRecordType,
  isMetaType,
  parseDuration,
  parseRecordData,
  parseRecordType,
  RecordDataError,
  type ResourceRecord,
  recordTypes,
  ScanError,
  scanEntries,
} from "../record/index.ts";
import { readSoa } from "../zone/index.ts";

/** What is wrong in a zone file, and where. */
export interface ZoneFileFault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface ZoneFileOptions {
  /** The zone's apex: what `@` is at first, and what every record has to be at or below. */
  readonly origin: DomainName;
  readonly onFault: (fault: ZoneFileFault) => void;
}

class EntryError extends Error {
  override readonly name = "EntryError";
}

/**
 * The records of a master file (RFC 1035 §5, RFC 2308 §4 for $TTL), one after the other. `text` is a string of octets. An entry that cannot be read is
 * a fault and left out; reading goes on behind it, so that a person sees all that is wrong at once.
 */
export function* parseZoneFile(text: string, { origin, onFault }: ZoneFileOptions): Generator<ResourceRecord> {
  const reader = new EntryReader(origin);
  try {
    for (const entry of scanEntries(text)) {
      try {
        const record = reader.read(entry);
        if (record !== undefined) yield record;
      } catch (error) {
        if (!isFault(error)) throw error;
        onFault({ line: entry.line, message: error.message });
      }
    }
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    onFault({ line: error.line, message: error.message });
  }
}

function isFault(error: unknown): error is Error {
  return error instanceof EntryError || error instanceof NameError || error instanceof RecordDataError;
}

/** A zone file's text as octets, whatever its encoding: what is beyond ASCII in it is kept octet by octet. */
export function octetsOfFile(file: Uint8Array): string {
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString("latin1");
  return text.startsWith("\xef\xbb\xbf") ? text.slice(3) : text;
}

class EntryReader {
  readonly #apex: DomainName;
  #origin: DomainName;
  #owner: DomainName | undefined;
  #defaultTtl: number | undefined;
  #lastTtl: number | undefined;

  constructor(origin: DomainName) {
    this.#apex = origin;
    this.#origin = origin;
  }

  read({ isIndented, tokens }: Entry): ResourceRecord | undefined {
    const first = tokens[0];
    if (first !== undefined && !first.isQuoted && !isIndented && first.text.startsWith("$")) {
      this.#obey(
        first.text.toUpperCase(),
        tokens.slice(1).map(({ text }) => text),
      );
      return undefined;
    }
    const owner = isIndented ? this.#owner : this.#readOwner(first?.text ?? "", first?.isQuoted ?? false);
    if (owner === undefined) throw new EntryError("the first record has no owner name before it");
    this.#owner = owner;
    const head = readHead(tokens, isIndented ? 0 : 1);
    const rdata = parseRecordData(head.type, tokens, this.#origin, head.length);
    // Without any TTL so far, the SOA record's own minimum is one, as BIND has it.
    const soaMinimum = head.type === recordTypes.SOA ? readSoa(rdata).minimum : undefined;
    const ttl = head.ttl ?? this.#defaultTtl ?? this.#lastTtl ?? soaMinimum;
    if (ttl === undefined) throw new EntryError("no TTL is given, neither here nor by $TTL nor by a record before");
    this.#lastTtl = ttl;
    if (!isAtOrBelow(owner, this.#apex)) {
      throw new EntryError(`${formatName(owner)} is not in the zone ${formatName(this.#apex)}`);
    }
    return { name: owner, type: head.type, ttl, rdata };
  }

  #readOwner(text: string, isQuoted: boolean): DomainName {
    if (isQuoted) throw new EntryError(`the owner name "${text}" is in quotation marks`);
    return text === "@" ? this.#origin : parseName(text, this.#origin);
  }

  #obey(directive: string, words: readonly string[]): void {
    const [value] = words;
    switch (directive) {
      case "$ORIGIN":
        if (value === undefined || words.length > 1) throw new EntryError("$ORIGIN wants one domain name");
        this.#origin = parseName(value, this.#origin);
        return;
      case "$TTL": {
        const ttl = parseDuration(value ?? "");
        if (ttl === undefined || words.length > 1) {
          throw new EntryError(`$TTL is "${words.join(" ")}"; expected seconds or a time such as 1h`);
        }
        this.#defaultTtl = ttl;
        return;
      }
      case "$INCLUDE":
        throw new EntryError("$INCLUDE is not read: put what the other file has into this one");
      default:
        throw new EntryError(`${directive} is no directive that is known here: expected $ORIGIN or $TTL`);
    }
  }
}

interface Head {
  readonly ttl: number | undefined;
  readonly type: number;
  /** Words up to and with the type. */
  readonly length: number;
}

/** TTL and class in either order, both optional, then the type. */
function readHead(tokens: Entry["tokens"], start: number): Head {
  let ttl: number | undefined;
  let hasClass = false;
  for (let at = start; at < tokens.length; at += 1) {
    const { text = "", isQuoted = true } = tokens[at] ?? {};
    if (isQuoted) break;
    const upper = text.toUpperCase();
    if (!hasClass && (upper === "IN" || upper === "CLASS1")) hasClass = true;
    else if (/^(CH|CS|HS|CLASS\d+)$/.test(upper)) throw new EntryError(`the class is ${text}; expected IN`);
    else if (ttl === undefined && /^\d/.test(text)) {
      ttl = parseDuration(text);
      if (ttl === undefined)
        throw new EntryError(`the TTL is "${text}"; expected seconds up to 2147483647, or a time such as 1h`);
    } else return { ttl, type: readType(text), length: at + 1 };
  }
  throw new EntryError("the record has no type");
}

function readType(text: string): number {
  const type = parseRecordType(text);
  if (type === undefined)
    throw new EntryError(`"${text}" is no type of records; expected one such as A or MX, or TYPEnnn`);
  if (isMetaType(type))
    throw new EntryError(`${formatRecordType(type)} is a type of questions and messages; no zone has it`);
  return type;
}
