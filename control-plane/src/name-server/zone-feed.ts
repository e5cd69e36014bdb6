import type { ZoneFeedLine } from "@mycloud/protocol/name-server";
import type { Logger } from "pino";
import { connectDatabase } from "../database/connect-database.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { readConsistently } from "../database/read-consistently.ts";
import { findStepsSince, soaLine } from "../dns-publish/index.ts";
import { existing } from "../dns-zone/change-zone.ts";
import { linesOf } from "../dns-zone/plan-change.ts";
import { readRrsets } from "../dns-zone/rrset-store.ts";
import { findZone, type StoredZone, type ZoneReference } from "../dns-zone/zone-store.ts";

export interface ZoneFeedDependencies {
  readonly database: ConnectedDatabase;
  readonly logger: Logger;
}

const linesAtOnce = 1_000;
/** A zone of fewer RRsets is read in one go, between two changes. */
const smallZone = 2_000;

/**
 * Writes what is published of a zone: the steps from a serial where they are known and fewer than its records, else all; as of one moment, however long the
 * reader takes. Throws NotFoundError before anything is written.
 */
export async function writeZoneFeed(
  dependencies: ZoneFeedDependencies,
  reference: ZoneReference,
  from: number | undefined,
  write: (line: ZoneFeedLine) => Promise<void>,
): Promise<void> {
  const { database } = dependencies;
  const lines = await database.transaction(async (tx) => await readAtOnce(tx, reference, from));
  if (lines !== null) {
    for (const line of lines) await write(line);
    return;
  }
  await readBesides(dependencies, async (executor) => {
    const zone = await findPrimary(executor, reference);
    for await (const line of linesOfZone(executor, zone)) await write(line);
  });
}

/** Null for a zone that is too large to keep others waiting. */
async function readAtOnce(
  tx: Executor,
  reference: ZoneReference,
  from: number | undefined,
): Promise<ZoneFeedLine[] | null> {
  const zone = await findPrimary(tx, reference);
  if (from === zone.serial) return [{ kind: "steps", serial: zone.serial }, endOf(zone)];
  const steps = from === undefined ? null : await findStepsSince(tx, zone.id, from);
  const stepRecords = steps?.reduce((sum, { removed, added }) => sum + removed.length + added.length, 0) ?? 0;
  if (steps !== null && stepRecords <= Math.max(zone.recordCount, 100)) {
    const told = steps.map(({ removed, added }) => ({
      kind: "step" as const,
      removed: [...removed],
      added: [...added],
    }));
    return [{ kind: "steps", serial: zone.serial }, ...told, endOf(zone)];
  }
  if (zone.rrsetCount > smallZone) return null;
  const lines: ZoneFeedLine[] = [];
  for await (const line of linesOfZone(tx, zone)) lines.push(line);
  return lines;
}

/** Reads as of one moment and keeps nobody from writing: on SQLite over a connection of its own. */
async function readBesides(
  { database, logger }: ZoneFeedDependencies,
  read: (executor: Executor) => Promise<void>,
): Promise<void> {
  if (database.filePath === null) {
    await readConsistently(database, read);
    return;
  }
  const own = await connectDatabase(database.filePath, logger);
  try {
    await readConsistently(own, read);
  } finally {
    await own.close();
  }
}

async function* linesOfZone(executor: Executor, zone: StoredZone): AsyncGenerator<ZoneFeedLine> {
  yield { kind: "zone", serial: zone.serial };
  let records = [soaLine(zone.name, zone.settings, zone.serial)];
  for await (const page of readRrsets(executor, zone.id)) {
    for (const rrset of page) {
      for (const line of linesOf(zone, zone.settings, rrset, rrset, rrset.published)) records.push(line);
      while (records.length >= linesAtOnce) {
        yield { kind: "records", records: records.slice(0, linesAtOnce) };
        records = records.slice(linesAtOnce);
      }
    }
  }
  if (records.length > 0) yield { kind: "records", records };
  yield endOf(zone);
}

async function findPrimary(executor: Executor, reference: ZoneReference): Promise<StoredZone> {
  const zone = existing(await findZone(executor, { kind: "all" }, reference));
  return existing(zone.kind === "primary" ? zone : null);
}

function endOf({ serial }: StoredZone): ZoneFeedLine {
  return { kind: "end", serial };
}
