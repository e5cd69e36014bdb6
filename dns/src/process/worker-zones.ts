import { open } from "node:fs/promises";
import { formatName } from "../name/index.ts";
import type { NameServer, ZoneKey } from "../name-server/index.ts";
import { decodeFrames, loadZone, type StoreChange, type ZoneId } from "../zone-store/index.ts";
import type { KeptUntil } from "./messages.ts";

/** A zone's name as the name server takes it. */
export function zoneKeyOf({ apex, view }: ZoneId): ZoneKey {
  return { name: formatName(apex), view };
}

/** Does in a name server what the store of zones published. What it cannot do, because something between is missing, it asks for (`onMissing`). */
export class WorkerZones {
  readonly #server: Pick<NameServer, "setZone" | "applySteps" | "dropZone" | "zone">;
  readonly #kept: Map<string, number>;
  readonly #onMissing: (key: ZoneKey) => void;
  #asked = new Set<string>();

  constructor(
    server: Pick<NameServer, "setZone" | "applySteps" | "dropZone" | "zone">,
    kept: readonly KeptUntil[],
    onMissing: (key: ZoneKey) => void,
  ) {
    this.#server = server;
    this.#kept = new Map(kept.map(({ key, expiresAtMs }) => [JSON.stringify(key), expiresAtMs]));
    this.#onMissing = onMissing;
  }

  async take(change: StoreChange): Promise<void> {
    const key = zoneKeyOf(change.id);
    switch (change.kind) {
      case "load":
        await this.#load(change, key);
        return;
      case "frames":
        this.#go(change, key);
        return;
      case "forget":
        this.#server.dropZone(key);
    }
  }

  async #load(change: Extract<StoreChange, { kind: "load" }>, key: ZoneKey): Promise<void> {
    try {
      const saved = change.octets === 0 ? [] : [await readFront(change.file, change.octets)];
      const loaded = await loadZone([...saved, ...change.frames.map(asBuffer)]);
      const expiresAtMs = this.#kept.get(JSON.stringify(key));
      this.#kept.delete(JSON.stringify(key));
      this.#server.setZone(key, loaded.zone, {
        history: loaded.history,
        ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      });
      this.#asked.delete(JSON.stringify(key));
    } catch {
      // The file was written anew meanwhile, or is gone. What there is of the zone is answered until the supervisor says where it is.
      this.#ask(key);
    }
  }

  #go({ frames }: Extract<StoreChange, { kind: "frames" }>, key: ZoneKey): void {
    for (const frame of decodeFrames(asBuffer(frames))) {
      if (frame.kind !== "step") continue;
      // A zone that this worker fetched itself is there already.
      if (this.#server.zone(key)?.soa.serial === frame.step.toSerial) continue;
      if (!this.#server.applySteps(key, [frame.step])) this.#ask(key);
    }
  }

  /** Once for each load, so that a copy that is really broken is not asked for without end. */
  #ask(key: ZoneKey): void {
    const text = JSON.stringify(key);
    if (this.#asked.has(text)) return;
    this.#asked.add(text);
    this.#onMissing(key);
  }
}

/** The first octets of a file. Rejects where it has fewer. */
async function readFront(path: string, octetCount: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const octets = Buffer.allocUnsafeSlow(octetCount);
    for (let at = 0; at < octetCount; ) {
      const { bytesRead } = await file.read(octets, at, octetCount - at, at);
      if (bytesRead === 0) throw new RangeError(`${path} is shorter than it was`);
      at += bytesRead;
    }
    return octets;
  } finally {
    await file.close();
  }
}

/** What came through the channel, as a Buffer again. */
function asBuffer(octets: Uint8Array): Buffer {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}
