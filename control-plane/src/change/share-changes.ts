import type { ConsoleEvent } from "@mycloud/protocol/event";
import { sql } from "kysely";
import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { ChangeBus } from "./change-bus.ts";

type Type = ConsoleEvent["type"];

/** What other control planes have to hear of. Results are not among them: those that matter are state changes, seen by their ids. */
const sharedTypes = [
  "definitions",
  "downtimes",
  "notifications",
  "enrolments",
  "service-proposals",
  "backup-runs",
  "restore-runs",
  "dns-zones",
  "machines",
] as const satisfies readonly Type[];
const settingOf = (type: (typeof sharedTypes)[number]): string => `${type.replace(/s$/, "")}_generation`;
const intervalMs = 1000;

interface ShareChangesDependencies {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly logger: Logger;
}

interface Generations {
  readonly bySetting: ReadonlyMap<string, string>;
  readonly newestStateChangeId: number;
}

/**
 * Lets control planes on one database hear of each other's changes: each publication raises a generation in `setting`, and every second
 * each looks at the generations and at the newest state change. A raise that fails is tried again until it works. Returns what ends it.
 */
export function shareChanges({ database, changes, logger }: ShareChangesDependencies): () => Promise<void> {
  const unraised = new Set<(typeof sharedTypes)[number]>();
  let seen: Generations | null = null;
  let isTelling = false;
  let isFailing = false;
  let running: Promise<void> = Promise.resolve();

  const unsubscribe = changes.subscribe((type) => {
    const shared = sharedTypes.find((known) => known === type);
    if (!isTelling && shared !== undefined) unraised.add(shared);
  });

  async function step(): Promise<void> {
    try {
      for (const type of unraised) {
        await raise(database, settingOf(type));
        unraised.delete(type);
      }
      const now = await readGenerations(database);
      if (seen !== null) tell(seen, now);
      seen = now;
      isFailing = false;
    } catch (err) {
      if (!isFailing) logger.warn({ err }, "changes of other control planes cannot be read");
      isFailing = true;
    }
  }

  // Our own raises come back as well: hearing of a change twice costs a reload, telling them apart could lose one.
  function tell(before: Generations, now: Generations): void {
    isTelling = true;
    for (const type of sharedTypes) {
      if (before.bySetting.get(settingOf(type)) !== now.bySetting.get(settingOf(type))) changes.publish(type, null);
    }
    if (now.newestStateChangeId > before.newestStateChangeId) {
      for (const type of ["state-changes", "services", "hosts", "overview"] as const) changes.publish(type, null);
    }
    isTelling = false;
  }

  let isBusy = false;
  function look(): void {
    if (isBusy) return;
    isBusy = true;
    running = step().finally(() => {
      isBusy = false;
    });
  }
  // The first look says what is old: it is at once, so that what happens in the first second is news to the pages opened in it.
  look();
  const timer = setInterval(look, intervalMs);
  return async () => {
    clearInterval(timer);
    unsubscribe();
    await running;
  };
}

async function raise({ db, dialect }: ConnectedDatabase, name: string): Promise<void> {
  const raised = await db
    .updateTable("setting")
    .set({ value: sql<string>`value + 1` })
    .where("name", "=", name)
    .executeTakeFirst();
  if (raised.numUpdatedRows === 0n) await dialect.insertIfAbsent(db, "setting", { name, value: "1" });
}

async function readGenerations({ db }: ConnectedDatabase): Promise<Generations> {
  const rows = await db.selectFrom("setting").selectAll().where("name", "in", sharedTypes.map(settingOf)).execute();
  const newest = await db
    .selectFrom("state_change")
    .select((eb) => eb.fn.max<number | null>("id").as("id"))
    .executeTakeFirstOrThrow();
  return { bySetting: new Map(rows.map((row) => [row.name, row.value])), newestStateChangeId: newest.id ?? 0 };
}
