import { type DomainName, formatName, isAtOrBelow, lowerName } from "../name/index.ts";
import { type ResourceRecord, recordTypes } from "../record/index.ts";
import { readSoa, ZoneError, type ZoneStep } from "../zone/index.ts";
import { decodeFrames, encodeFrame } from "./frame.ts";
import { Turns } from "./turns.ts";
import type { ZoneId } from "./zone-id.ts";

/** A whole zone as frames. */
export interface FramedZone {
  readonly frames: Buffer[];
  readonly soa: ResourceRecord;
}

const recordsOfFrame = 500;

/** Makes frames of a zone's records as they come, so that a large zone is never there as objects. */
export class ZoneFramer {
  readonly id: ZoneId;
  readonly #bodies: Buffer[] = [];
  #soa: ResourceRecord | undefined;
  #waiting: ResourceRecord[] = [];

  constructor(id: ZoneId) {
    this.id = id;
  }

  /** Throws ZoneError for a record that is none of the zone. */
  add(record: ResourceRecord): void {
    const { apex } = this.id;
    requireInside(apex, record);
    if (record.type === recordTypes.SOA) {
      if (this.#soa !== undefined && this.#soa.rdata !== record.rdata) {
        throw new ZoneError(`${formatName(apex)} has several SOA records; expected one`);
      }
      this.#soa = record;
      return;
    }
    this.#waiting.push(record);
    if (this.#waiting.length === recordsOfFrame) this.#flush();
  }

  /** With the steps that led to it. Throws ZoneError where there is no SOA record. */
  finish(past: readonly ZoneStep[] = []): FramedZone {
    this.#flush();
    const soa = this.#soa;
    if (soa === undefined) throw new ZoneError(`${formatName(this.id.apex)} has no SOA record`);
    const frames = [
      encodeFrame({ kind: "zone", id: this.id }),
      ...past.map((step) => encodeFrame({ kind: "past", step })),
      encodeFrame({ kind: "begin", soa }),
      ...this.#bodies,
      encodeFrame({ kind: "end", serial: readSoa(soa.rdata).serial }),
    ];
    return { frames, soa };
  }

  #flush(): void {
    if (this.#waiting.length > 0) this.#bodies.push(encodeFrame({ kind: "records", records: this.#waiting }));
    this.#waiting = [];
  }
}

/** A whole zone as frames, letting others have their turn every few milliseconds. Rejects with ZoneError. */
export async function framesOf(
  id: ZoneId,
  records: Iterable<ResourceRecord>,
  past: readonly ZoneStep[] = [],
): Promise<FramedZone> {
  const framer = new ZoneFramer(id);
  const turns = new Turns();
  for (const record of records) {
    framer.add(record);
    if (turns.areOver) await turns.next();
  }
  return framer.finish(past);
}

/** Frames that another process made of a zone. Throws ZoneError where its beginning is not among the first of them. */
export function framedZone(frames: Buffer[]): FramedZone {
  for (const octets of frames) {
    for (const frame of decodeFrames(octets)) {
      if (frame.kind === "begin") return { frames, soa: frame.soa };
      if (frame.kind === "records" || frame.kind === "end") throw new ZoneError("a zone without a beginning");
    }
  }
  throw new ZoneError("a zone without a beginning");
}

/** Throws ZoneError for a record that is none of the zone. */
export function requireInside(apex: DomainName, { name, type }: ResourceRecord): void {
  if (!isAtOrBelow(name, apex)) throw new ZoneError(`${formatName(name)} is not in the zone ${formatName(apex)}`);
  if (type === recordTypes.SOA && lowerName(name) !== apex) {
    throw new ZoneError(`${formatName(name)} has a SOA record; only the apex ${formatName(apex)} has one`);
  }
}
