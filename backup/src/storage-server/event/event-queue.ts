import { readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { writeFileDurably } from "../../durable-file/index.ts";
import { reachFaultPoint } from "../../fault-point/index.ts";
import type { StorageEvent } from "./event.ts";

/** Events that wait to be posted, on disk, oldest first. */
export interface EventQueue {
  /**
   * Makes an event durable that is about to become true; it is posted once that is confirmed, or after the next start. When the queue is
   * full, the oldest is dropped.
   */
  prepare(event: StorageEvent): Promise<PreparedEvent>;
  /** The oldest, as the JSON that is to be posted; null when there is none. */
  first(): Promise<QueuedEvent | null>;
  remove(place: string): Promise<void>;
  readonly length: number;
  /** How many were dropped since the start because it was full. */
  readonly dropped: number;
}

/** An event that waits. */
export interface QueuedEvent {
  readonly place: string;
  readonly json: string;
  /** Whether it was confirmed, rather than found on disk at the start. */
  readonly isConfirmed: boolean;
}

/** An event that is durable and not yet true. */
export interface PreparedEvent {
  confirm(): Promise<void>;
  cancel(): Promise<void>;
}

const placeForm = /^\d{16}\.json$/;

/** The queue in a directory that exists; it holds `maximumLength` events, one a file. */
export async function openEventQueue(directory: string, maximumLength: number): Promise<EventQueue> {
  const places = (await readdir(directory)).filter((name) => placeForm.test(name)).sort();
  let next = Number(places.at(-1)?.slice(0, 16) ?? 0) + 1;
  const confirmed = new Set<string>();
  let dropped = 0;

  async function remove(place: string): Promise<void> {
    const at = places.indexOf(place);
    if (at >= 0) places.splice(at, 1);
    confirmed.delete(place);
    await unlink(join(directory, place)).catch(() => undefined);
  }

  return {
    async prepare(event) {
      const place = `${String(next++).padStart(16, "0")}.json`;
      await writeFileDurably(join(directory, place), Buffer.from(JSON.stringify(event)));
      reachFaultPoint("storage/event-written");
      return {
        async confirm() {
          places.push(place);
          confirmed.add(place);
          const oldest = places[0];
          if (places.length <= maximumLength || oldest === undefined) return;
          dropped++;
          await remove(oldest);
        },
        cancel: () => remove(place),
      };
    },
    async first() {
      for (;;) {
        const place = places[0];
        if (place === undefined) return null;
        const json = await readFile(join(directory, place), "utf8").catch(() => null);
        if (json !== null) return { place, json, isConfirmed: confirmed.has(place) };
        await remove(place);
      }
    },
    remove,
    get length() {
      return places.length;
    },
    get dropped() {
      return dropped;
    },
  };
}
