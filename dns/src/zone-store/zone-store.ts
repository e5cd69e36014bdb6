import { join } from "node:path";
import type { ResourceRecord } from "../record/index.ts";
import { readSoa, type ZoneStep } from "../zone/index.ts";
import { encodeFrame, soaOf, summariseFrames } from "./frame.ts";
import { loadZone } from "./load-zone.ts";
import type { StoreFiles } from "./store-files.ts";
import { type FramedZone, framesOf, requireInside, ZoneFramer } from "./zone-framer.ts";
import { type ZoneId, zoneFileName, zoneKey } from "./zone-id.ts";

/** What those who answer from a zone have to do. */
export type StoreChange =
  /** Read it anew: so many octets of the file, and then the frames. */
  | {
      readonly kind: "load";
      readonly id: ZoneId;
      readonly file: string;
      readonly octets: number;
      readonly frames: readonly Buffer[];
    }
  /** Go on with these frames. */
  | { readonly kind: "frames"; readonly id: ZoneId; readonly frames: Buffer }
  | { readonly kind: "forget"; readonly id: ZoneId };

export interface ZoneStoreOptions {
  readonly directory: string;
  readonly files: StoreFiles;
  /** `origin`: who brought the change and has it already, where that was said. */
  readonly onChange: (change: StoreChange, origin: number | undefined) => void;
  /** A copy that cannot be read or written. The zone is served all the same. */
  readonly onFault: (fault: StoreFault) => void;
}

export interface StoreFault {
  readonly id: ZoneId | null;
  readonly file: string;
  readonly doing: "read" | "write";
  readonly error: unknown;
}

/** A zone of which there is a whole copy. */
export interface StoredZone {
  readonly id: ZoneId;
  readonly serial: number;
  /** Its SOA record. */
  readonly soa: ResourceRecord;
  /** Whether the disk has all of it. */
  readonly isSaved: boolean;
}

interface Entry {
  id: ZoneId;
  soa: ResourceRecord;
  serial: number;
  readonly file: string;
  /** Octets of the file that hold; what is behind them is torn. 0: there is no file. */
  savedOctets: number;
  /** Of them, the whole zone without the steps behind it. */
  baseOctets: number;
  /** What the disk did not take: the whole zone where `savedOctets` is 0, else what follows them. */
  unsaved: Buffer[];
}

/** A file whose steps have become so many times as long as its zone is written anew. */
const longestTail = 2;
const smallTailOctets = 1024 * 1024;

/** The zones of a name server as they were published last, on disk and, where the disk takes no more, in memory. One process has it. */
export class ZoneStore {
  readonly #options: ZoneStoreOptions;
  readonly #entries = new Map<string, Entry>();
  /** What writes does so one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ZoneStoreOptions) {
    this.#options = options;
  }

  /** Finds what earlier runs left. Copies that are not whole are put aside as `NAME.broken`, and said. */
  async open(): Promise<void> {
    const { directory, files, onFault } = this.#options;
    let names: string[] = [];
    try {
      names = await files.list(directory);
    } catch (error) {
      onFault({ id: null, file: directory, doing: "read", error });
    }
    for (const name of names.filter((each) => each.endsWith(".zone"))) {
      const file = join(directory, name);
      try {
        const summary = await summariseFrames(await files.read(file));
        if (summary === undefined) {
          await files.rename(file, `${file}.broken`);
          throw new Error("the copy is not whole; it was put aside");
        }
        const { id, soa, octets, baseOctets } = summary;
        const { serial } = readSoa(soa.rdata);
        this.#entries.set(zoneKey(id), { id, soa, serial, file, savedOctets: octets, baseOctets, unsaved: [] });
      } catch (error) {
        onFault({ id: null, file, doing: "read", error });
      }
    }
  }

  get(id: ZoneId): StoredZone | undefined {
    const entry = this.#entries.get(zoneKey(id));
    return entry === undefined ? undefined : { ...entry, isSaved: entry.unsaved.length === 0 };
  }

  *zones(): Generator<StoredZone> {
    for (const entry of this.#entries.values()) yield { ...entry, isSaved: entry.unsaved.length === 0 };
  }

  /** What somebody who has nothing yet has to do to have this zone. */
  load(id: ZoneId): StoreChange | undefined {
    const entry = this.#entries.get(zoneKey(id));
    return entry === undefined ? undefined : loadOf(entry);
  }

  /** Takes a whole zone in place of what there was. Rejects with ZoneError where the records are no zone. */
  async replace(
    id: ZoneId,
    records: Iterable<ResourceRecord> | ZoneFramer | FramedZone,
    { past = [], origin }: { readonly past?: readonly ZoneStep[]; readonly origin?: number } = {},
  ): Promise<void> {
    const { frames, soa } = await frame(id, records, past);
    await this.#alone(async () => {
      const file = join(this.#options.directory, zoneFileName(id));
      const { serial } = readSoa(soa.rdata);
      const entry: Entry = { id, soa, serial, file, savedOctets: 0, baseOctets: 0, unsaved: frames };
      this.#entries.set(zoneKey(id), entry);
      await this.#save(entry);
      this.#options.onChange(loadOf(entry), origin);
    });
  }

  /** Takes a change from the serial the zone is at to the next; false where it is at another. */
  append(id: ZoneId, step: ZoneStep, origin?: number): Promise<boolean> {
    return this.#alone(async () => {
      const entry = this.#entries.get(zoneKey(id));
      const soa = soaOf(step.added);
      if (entry === undefined || soa === undefined || entry.serial !== step.fromSerial) return false;
      for (const record of step.added) requireInside(id.apex, record);
      const frame = encodeFrame({ kind: "step", step });
      entry.soa = soa;
      entry.serial = step.toSerial;
      entry.unsaved.push(frame);
      this.#options.onChange({ kind: "frames", id, frames: frame }, origin);
      await this.#save(entry);
      return true;
    });
  }

  /** Forgets a zone, on disk too. */
  remove(id: ZoneId): Promise<void> {
    return this.#alone(async () => {
      const entry = this.#entries.get(zoneKey(id));
      if (entry === undefined) return;
      this.#entries.delete(zoneKey(id));
      this.#options.onChange({ kind: "forget", id }, undefined);
      await this.#options.files.remove(entry.file).catch((error: unknown) => {
        this.#options.onFault({ id, file: entry.file, doing: "write", error });
      });
    });
  }

  /** Tries again to write what the disk did not take. */
  saveAll(): Promise<void> {
    return this.#alone(async () => {
      for (const entry of this.#entries.values()) if (entry.unsaved.length > 0) await this.#save(entry);
    });
  }

  async #save(entry: Entry): Promise<void> {
    const { files, onFault } = this.#options;
    try {
      if (entry.savedOctets === 0) await this.#rewrite(entry, entry.unsaved);
      else {
        const steps = Buffer.concat(entry.unsaved);
        if (entry.savedOctets + steps.length > entry.baseOctets * longestTail + smallTailOctets) {
          const { zone, history } = await loadZone([await this.#saved(entry), steps]);
          await this.#rewrite(entry, (await framesOf(entry.id, zone.records(), history.steps)).frames);
        } else {
          await files.append(entry.file, entry.savedOctets, steps);
          entry.savedOctets += steps.length;
        }
      }
      entry.unsaved = [];
    } catch (error) {
      onFault({ id: entry.id, file: entry.file, doing: "write", error });
    }
  }

  async #saved({ file, savedOctets }: Entry): Promise<Buffer> {
    return (await this.#options.files.read(file)).subarray(0, savedOctets);
  }

  async #rewrite(entry: Entry, frames: readonly Buffer[]): Promise<void> {
    await this.#options.files.replace(entry.file, frames);
    entry.savedOctets = frames.reduce((sum, { length }) => sum + length, 0);
    entry.baseOctets = entry.savedOctets;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}

async function frame(
  id: ZoneId,
  records: Iterable<ResourceRecord> | ZoneFramer | FramedZone,
  past: readonly ZoneStep[],
): Promise<FramedZone> {
  if (records instanceof ZoneFramer) return records.finish(past);
  return "frames" in records ? records : await framesOf(id, records, past);
}

function loadOf({ id, file, savedOctets, unsaved }: Entry): StoreChange {
  return { kind: "load", id, file, octets: savedOctets, frames: [...unsaved] };
}
