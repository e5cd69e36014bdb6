import type { NameServerConfiguration, ZonePublished } from "@mycloud/protocol/name-server";
import type { Response } from "express";
import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findBoundRrsets } from "../dns-zone/rrset-store.ts";
import { findZonesByIds } from "../dns-zone/zone-store.ts";
import type { EventStream, EventStreams } from "../http/event-stream.ts";
import { runEvery } from "../schedule/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { buildConfiguration } from "./build-configuration.ts";

export interface NameServerStreamsDependencies {
  readonly database: ConnectedDatabase;
  readonly streams: EventStreams;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  readonly logger: Logger;
  readonly now: () => number;
}

/** The streams of name servers that this process holds. */
export interface NameServerStreams {
  /** Makes an answer a stream: the configuration first. */
  open(settingsName: string, response: Response): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/** Those who are told the same. */
interface Circle {
  readonly streams: Set<EventStream>;
  /** What they were told last, serials apart. */
  told: { readonly text: string; readonly serials: Map<string, number> } | null;
}

/** Changes come in bursts; name servers hear of the end of one. */
const settleMs = 50;
/** Secrets of cookies change by the clock. */
const lookAgainMs = 600_000;
/** A configuration of a hundred thousand zones is some 40 MB. */
const waitingBytes = 128 * 1024 * 1024;
const mostIds = 100;

export function createNameServerStreams(dependencies: NameServerStreamsDependencies): NameServerStreams {
  const { database, streams, changes, sealer, logger, now } = dependencies;
  const circles = new Map<string, Circle>();
  let changedIds: Set<number> | "all" = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let unsubscribe: () => void = () => undefined;
  let clockwork: ReturnType<typeof runEvery> | undefined;

  function changed(ids: readonly number[] | null): void {
    if (ids === null || ids.length > mostIds) changedIds = "all";
    if (changedIds !== "all") for (const id of ids ?? []) changedIds.add(id);
    if (circles.size === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      running = running.then(tell).catch((err: unknown) => {
        logger.warn({ err }, "name servers were not told of a change");
        // What they were told is not known to be so any more: the next look tells all.
        changedIds = "all";
      });
    }, settleMs);
  }

  async function tell(): Promise<void> {
    const ids = changedIds;
    changedIds = new Set();
    if (ids !== "all" && (await tellSerials([...ids]))) return;
    for (const [settingsName, circle] of circles) await tellCircle(settingsName, circle);
  }

  /** Most changes are of records: serials say it all. False where the configuration may be another. */
  async function tellSerials(ids: readonly number[]): Promise<boolean> {
    for (const id of ids) if ((await findBoundRrsets(database.db, id)).length > 0) return false;
    const zones = await findZonesByIds(database.db, ids);
    if (zones.length < ids.length) return false;
    for (const { name, view, serial, kind } of zones) {
      if (kind === "primary") for (const circle of circles.values()) tellZone(circle, { name, view, serial });
    }
    return true;
  }

  async function tellCircle(settingsName: string, circle: Circle): Promise<void> {
    const configuration = await buildConfiguration(database.db, sealer, settingsName, now());
    const { text, serials } = summaryOf(configuration);
    if (circle.told?.text !== text) {
      circle.told = { text, serials };
      for (const stream of circle.streams) stream.send("configuration", configuration);
      return;
    }
    for (const { name, view, serial } of configuration.zones) {
      if (serial !== null) tellZone(circle, { name, view, serial });
    }
  }

  function tellZone({ told, streams: listeners }: Circle, zone: ZonePublished): void {
    const key = keyOf(zone);
    if (told === null || told.serials.get(key) === zone.serial) return;
    told.serials.set(key, zone.serial);
    for (const stream of listeners) stream.send("zone", zone);
  }

  return {
    async open(settingsName, response) {
      const circle = circles.get(settingsName) ?? { streams: new Set(), told: null };
      const configuration = await buildConfiguration(database.db, sealer, settingsName, now());
      const stream = streams.open(response, waitingBytes);
      circles.set(settingsName, circle);
      // Those who were here before are told by the change that made it so.
      circle.told ??= summaryOf(configuration);
      circle.streams.add(stream);
      stream.send("configuration", configuration);
      stream.signal.addEventListener("abort", () => {
        circle.streams.delete(stream);
        if (circle.streams.size === 0) circles.delete(settingsName);
      });
      // A change may have come while it was worked out, and been told to others.
      changed(null);
    },
    start() {
      unsubscribe = changes.subscribe((type, ids) => {
        if (type === "dns-zones") changed(ids);
        if (type === "definitions") changed(null);
      });
      const job = async () => changed(null);
      clockwork = runEvery({ name: "name-server-configuration", intervalMs: lookAgainMs, job, logger });
    },
    async stop() {
      unsubscribe();
      clearTimeout(timer);
      await clockwork?.stop();
      await running;
    },
  };
}

function summaryOf(configuration: NameServerConfiguration): NonNullable<Circle["told"]> {
  const serials = new Map<string, number>();
  for (const zone of configuration.zones) if (zone.serial !== null) serials.set(keyOf(zone), zone.serial);
  const zones = configuration.zones.map((zone) => ({ ...zone, serial: null }));
  return { text: JSON.stringify({ ...configuration, zones }), serials };
}

function keyOf({ name, view }: Pick<ZonePublished, "name" | "view">): string {
  return `${name}@${view ?? ""}`;
}
