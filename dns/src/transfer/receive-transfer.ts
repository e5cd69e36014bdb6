import { classes, type Message, type MessageRecord } from "../message/index.ts";
import { type DomainName, formatName, isAtOrBelow, lowerName } from "../name/index.ts";
import { type ResourceRecord, recordTypes } from "../record/index.ts";
import { isNewerSerial, readSoa, type ZoneChange } from "../zone/index.ts";

/** What a transfer brought. */
export type Transferred =
  /** The primary has nothing newer. */
  | { readonly kind: "current" }
  | { readonly kind: "full"; readonly records: readonly ResourceRecord[] }
  | { readonly kind: "incremental"; readonly changes: readonly ZoneChange[] };

/** A transfer that is none; the message says what was wrong. */
export class TransferError extends Error {
  override readonly name = "TransferError";
}

export interface TransferLimits {
  /** A zone with more records than this is not taken. */
  readonly maximumRecords: number;
}

/**
 * Puts a transfer together from its messages (RFC 5936 §2.2, RFC 1995 §4). Whether it is a full or an incremental one is told by its second record:
 * another SOA record begins a step.
 */
export class TransferReceiver {
  readonly #apex: DomainName;
  readonly #ownSerial: number | undefined;
  readonly #limits: TransferLimits;
  #first: ResourceRecord | undefined;
  #count = 0;
  #full: ResourceRecord[] | undefined;
  #changes: { removed: ResourceRecord[]; added: ResourceRecord[] }[] | undefined;
  #isAdding = false;
  #result: Transferred | undefined;

  /** `ownSerial`: what an IXFR was asked from; undefined for an AXFR. */
  constructor(apex: DomainName, ownSerial: number | undefined, limits: TransferLimits) {
    this.#apex = lowerName(apex);
    this.#ownSerial = ownSerial;
    this.#limits = limits;
  }

  /** Takes the next message; what came is answered as soon as it is whole. Throws TransferError. */
  take(message: Message): Transferred | undefined {
    const rcode = message.header.flags & 15;
    if (rcode !== 0) throw new TransferError(`the primary answers with result code ${rcode}`);
    if (message.answer.length === 0) throw new TransferError("a message of the transfer has no records");
    for (const record of message.answer) {
      if (this.#result !== undefined) throw new TransferError("there are records behind the end of the transfer");
      this.#takeRecord(this.#check(record));
    }
    return this.#result ?? (this.#isCurrent() ? { kind: "current" } : undefined);
  }

  /** An answer to an IXFR by its SOA record alone: there is nothing newer. With a newer one it goes on: some send one record in each message. */
  #isCurrent(): boolean {
    const own = this.#ownSerial;
    return (
      own !== undefined && this.#count === 1 && this.#first !== undefined && !isNewerSerial(serial(this.#first), own)
    );
  }

  #check(record: MessageRecord): ResourceRecord {
    if (record.class !== classes.IN) throw new TransferError(`a record has class ${record.class}; expected IN`);
    if (!isAtOrBelow(record.name, this.#apex)) {
      throw new TransferError(`${formatName(record.name)} is not in the zone ${formatName(this.#apex)}`);
    }
    this.#count += 1;
    if (this.#count > this.#limits.maximumRecords) {
      throw new TransferError(`the transfer has more than ${this.#limits.maximumRecords} records`);
    }
    const { name, type, ttl, rdata } = record;
    return { name, type, ttl, rdata };
  }

  #takeRecord(record: ResourceRecord): void {
    const first = this.#first;
    if (first === undefined) {
      if (record.type !== recordTypes.SOA) throw new TransferError("the transfer does not begin with a SOA record");
      this.#first = record;
    } else if (this.#count === 2) this.#begin(first, record);
    else if (this.#changes !== undefined) this.#takeStep(this.#changes, first, record);
    else this.#takeFull(first, record);
  }

  #begin(first: ResourceRecord, second: ResourceRecord): void {
    const isStep =
      this.#ownSerial !== undefined && second.type === recordTypes.SOA && serial(second) === this.#ownSerial;
    if (isStep && serial(first) !== this.#ownSerial) {
      this.#changes = [{ removed: [second], added: [] }];
    } else {
      this.#full = [first];
      this.#takeFull(first, second);
    }
  }

  #takeFull(first: ResourceRecord, record: ResourceRecord): void {
    if (record.type !== recordTypes.SOA) {
      this.#full?.push(record);
      return;
    }
    if (serial(record) !== serial(first)) {
      throw new TransferError(`the zone changed while it was sent: serial ${serial(first)}, then ${serial(record)}`);
    }
    this.#result = { kind: "full", records: this.#full ?? [] };
  }

  #takeStep(
    changes: { removed: ResourceRecord[]; added: ResourceRecord[] }[],
    first: ResourceRecord,
    record: ResourceRecord,
  ): void {
    const step = changes.at(-1);
    if (step === undefined) return;
    if (record.type !== recordTypes.SOA) {
      (this.#isAdding ? step.added : step.removed).push(record);
    } else if (!this.#isAdding) {
      this.#isAdding = true;
      step.added.push(record);
    } else if (serial(record) === serial(first) && endsAt(step.added, serial(first))) {
      this.#result = { kind: "incremental", changes };
    } else {
      if (!endsAt(step.added, serial(record)))
        throw new TransferError("the steps of the transfer do not follow each other");
      this.#isAdding = false;
      changes.push({ removed: [record], added: [] });
    }
  }
}

function endsAt(added: readonly ResourceRecord[], wanted: number): boolean {
  return added[0] !== undefined && serial(added[0]) === wanted;
}

function serial({ rdata }: ResourceRecord): number {
  return readSoa(rdata).serial;
}
