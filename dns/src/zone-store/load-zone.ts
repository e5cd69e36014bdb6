import { Zone, ZoneHistory, type ZoneStep } from "../zone/index.ts";
import { decodeFrames, type ZoneFrame } from "./frame.ts";
import { Turns } from "./turns.ts";
import type { ZoneId } from "./zone-id.ts";

/** A zone in memory, with the steps that led to it. */
export interface LoadedZone {
  readonly id: ZoneId;
  readonly zone: Zone;
  readonly history: ZoneHistory;
}

/** Octets that are no whole zone. */
export class ZoneLoadError extends Error {
  override readonly name = "ZoneLoadError";
}

/** What a zone's history may hold, in records: a transfer of more is longer than the zone. */
export function historyLimit(recordCount: number): number {
  return Math.max(1_000, recordCount);
}

/**
 * Builds a zone of its frames, of which each piece has whole ones, letting others have their turn every few milliseconds. Steps that do not go on where the zone stands are left out: the
 * zone is as it was after the last one that does. Throws ZoneLoadError where no whole zone is in them, ZoneError where it is none.
 */
export async function loadZone(pieces: readonly Buffer[]): Promise<LoadedZone> {
  const builder = new ZoneBuilder();
  const turns = new Turns();
  for (const octets of pieces) {
    for (const frame of decodeFrames(octets)) {
      builder.take(frame);
      if (turns.areOver) await turns.next();
    }
  }
  return builder.finish();
}

class ZoneBuilder {
  #id: ZoneId | undefined;
  #zone: Zone | undefined;
  #isWhole = false;
  readonly #past: ZoneStep[] = [];
  readonly #steps: ZoneStep[] = [];

  take(frame: ZoneFrame): void {
    switch (frame.kind) {
      case "zone":
        this.#id = frame.id;
        return;
      case "past":
        this.#past.push(frame.step);
        return;
      case "begin":
        if (this.#id !== undefined) this.#zone = new Zone(this.#id.apex, [frame.soa]);
        return;
      case "records":
        this.#zone?.change({ removed: [], added: frame.records });
        return;
      case "end":
        this.#isWhole = true;
        return;
      case "step":
        if (this.#zone !== undefined && applyStep(this.#zone, frame.step)) this.#steps.push(frame.step);
    }
  }

  finish(): LoadedZone {
    if (this.#id === undefined || this.#zone === undefined || !this.#isWhole) {
      throw new ZoneLoadError("the copy of the zone is not whole");
    }
    const history = new ZoneHistory(historyLimit(this.#zone.recordCount));
    for (const step of [...this.#past, ...this.#steps]) history.add(step);
    return { id: this.#id, zone: this.#zone, history };
  }
}

/** Makes a step where the zone stands at its beginning; false where it does not. Throws ZoneError. */
export function applyStep(zone: Zone, step: ZoneStep): boolean {
  if (zone.soa.serial !== step.fromSerial) return false;
  zone.change(step);
  return true;
}
