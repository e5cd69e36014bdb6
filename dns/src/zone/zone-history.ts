import { type ResourceRecord, recordTypes } from "../record/index.ts";
import { readSoa } from "./start-of-authority.ts";
import type { ZoneChange } from "./zone.ts";

/** A step from one serial to the next. */
export interface ZoneStep extends ZoneChange {
  readonly fromSerial: number;
  readonly toSerial: number;
}

/** The serial among records; undefined where there is no SOA record. */
function serialOf(records: readonly ResourceRecord[]): number | undefined {
  const soa = records.find(({ type }) => type === recordTypes.SOA);
  return soa === undefined ? undefined : readSoa(soa.rdata).serial;
}

/** A change with the serials it leads from and to; undefined where it does not change the SOA record, and so cannot be sent as a step. */
export function stepOf(change: ZoneChange): ZoneStep | undefined {
  const fromSerial = serialOf(change.removed);
  const toSerial = serialOf(change.added);
  return fromSerial === undefined || toSerial === undefined ? undefined : { ...change, fromSerial, toSerial };
}

/**
 * The last steps of a zone, for incremental transfers (RFC 1995). Bounded by how many records they have together: where more changed than the zone
 * has records, the whole zone is shorter.
 */
export class ZoneHistory {
  readonly #maximumRecords: number;
  readonly #steps: ZoneStep[] = [];
  #recordCount = 0;

  constructor(maximumRecords: number) {
    this.#maximumRecords = maximumRecords;
  }

  get steps(): readonly ZoneStep[] {
    return this.#steps;
  }

  /** A step that does not go on where the last one ended makes those before it useless. */
  add(step: ZoneStep): void {
    if (this.#steps.length > 0 && this.#steps.at(-1)?.toSerial !== step.fromSerial) this.clear();
    this.#steps.push(step);
    this.#recordCount += sizeOf(step);
    while (this.#recordCount > this.#maximumRecords) {
      const oldest = this.#steps.shift();
      if (oldest === undefined) break;
      this.#recordCount -= sizeOf(oldest);
    }
  }

  clear(): void {
    this.#steps.length = 0;
    this.#recordCount = 0;
  }

  /** The steps from a serial to the newest; undefined where that serial is not known any more. */
  since(serial: number): readonly ZoneStep[] | undefined {
    const at = this.#steps.findIndex(({ fromSerial }) => fromSerial === serial);
    return at < 0 ? undefined : this.#steps.slice(at);
  }
}

function sizeOf({ removed, added }: ZoneStep): number {
  return removed.length + added.length;
}
