import type { StorageServerInput } from "@mycloud/protocol/storage-server";
import { type RepositoryStatus, StorageStatus } from "@mycloud/protocol/storage-status";
import type { Logger } from "pino";
import { z } from "zod";
import { createManagedService, isNameTaken } from "../backup-repository/sync-backup-services.ts";
import { judgeFreshness } from "../backup-run/index.ts";
import { judgeVerify } from "../backup-watch/judge-verify.ts";
import { resultOf, type ServiceResult } from "../backup-watch/service-result.ts";
import type { ChangeBus } from "../change/index.ts";
import { deleteServices } from "../check/sync-services.ts";
import type { AcceptCheckResults } from "../check-result/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/index.ts";
import type { Sealer } from "../sealing/index.ts";
import type { StorageSigner } from "../storage-capability/index.ts";
import { askStorage } from "./ask-storage.ts";
import { judgeStorage, type TrendPoint } from "./judge-storage.ts";
import { keepFigures } from "./keep-figures.ts";

export interface WatchStorageDependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
  readonly signer: StorageSigner;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly changes: ChangeBus;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface StorageWatch {
  /** Asks every storage server once. Call under a lease. */
  look(signal: AbortSignal): Promise<void>;
}

/** Services made here say so in `managed_by`, with the storage server's id: several may run on one host. */
const markPrefix = "storage:";
/** As services were marked before several storage servers of a host were told apart. */
const oldMark = "storage";
const tokenLifetimeMs = 60_000;
/** A point of the trend this often, and how long they are kept. */
const trendEveryMs = 6 * 3_600_000;
const trendMs = 30 * 86_400_000;
const returnCodes = { OK: 0, WARNING: 1, CRITICAL: 2 } as const;

const Trend = z.array(z.tuple([z.number(), z.number()]));

/** A storage server, and the mark of its services. */
interface WatchedServer extends StorageServerInput {
  readonly mark: string;
}

/** Asks storage servers what they have, and tells it on. */
export function createStorageWatch(deps: WatchStorageDependencies): StorageWatch {
  const { database, sealer, signer, acceptCheckResults, changes, logger, now } = deps;
  const faults = new Map<string, string>();

  async function ask(server: StorageServerInput, signal: AbortSignal): Promise<StorageStatus | string> {
    try {
      const { token } = await signer.mint({
        repository: "*",
        verbs: ["read"],
        quotaBytes: null,
        lifetimeMs: tokenLifetimeMs,
        subject: "status",
      });
      const text = await askStorage(server, { method: "GET", path: "/status", token, signal });
      const status = StorageStatus.parse(JSON.parse(text));
      faults.delete(server.name);
      return status;
    } catch (error) {
      signal.throwIfAborted();
      const fault = error instanceof Error ? error.message : String(error);
      if (faults.get(server.name) !== fault)
        logger.warn({ storage: server.name, reason: fault }, "storage server does not tell its status");
      faults.set(server.name, fault);
      return fault;
    }
  }

  async function lookAt(server: WatchedServer, signal: AbortSignal): Promise<boolean> {
    const answer = await ask(server, signal);
    const nowMs = now();
    const told = await database.transaction(async (tx) => {
      const trend = await keepStatus(tx, database, server.name, answer, nowMs);
      const isDamageOther =
        typeof answer === "string" ? false : await keepFigures(tx, server.name, answer.repositories, nowMs);
      const results = await resultsFor(tx, server, answer, trend, nowMs);
      return { isDamageOther, ...(await syncServices(tx, database, server, results, nowMs)) };
    });
    if (told.isServiceOther) changes.publish("definitions", null);
    if (told.isDamageOther) changes.publish("backup-runs", null);
    const hasAnswered = typeof answer !== "string";
    if (told.results.length === 0) return hasAnswered;
    await acceptCheckResults({ sender: "storage", batchId: null, describe: () => "null", results: told.results });
    return hasAnswered;
  }

  return {
    async look(signal) {
      const servers = await findServers(database, sealer);
      if (await removeLeft(database, servers)) changes.publish("definitions", null);
      let haveAllAnswered = true;
      for (const server of servers) {
        signal.throwIfAborted();
        if (!(await lookAt(server, signal))) haveAllAnswered = false;
      }
      // Those that a server has are marked as its own by now.
      if (haveAllAnswered && (await removeOldMarked(database))) changes.publish("definitions", null);
    },
  };
}

async function findServers({ db }: ConnectedDatabase, sealer: Sealer): Promise<WatchedServer[]> {
  const rows = await db.selectFrom("definition").select(["id", "name"]).where("kind", "=", "StorageServer").execute();
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  const servers = await loadDefinitions(db, "StorageServer", sealer);
  return servers.flatMap((server) => {
    const id = ids.get(server.name);
    return id === undefined ? [] : [{ ...server, mark: `${markPrefix}${id}` }];
  });
}

/** Writes down what was told, and a point of the trend now and then. Answers the trend. */
async function keepStatus(
  tx: Executor,
  { dialect }: ConnectedDatabase,
  name: string,
  answer: StorageStatus | string,
  nowMs: number,
): Promise<TrendPoint[]> {
  const before = await tx.selectFrom("storage_status").selectAll().where("storage_name", "=", name).executeTakeFirst();
  const trend = Trend.parse(JSON.parse(before?.trend_json ?? "[]")).filter(([atMs]) => atMs > nowMs - trendMs);
  const isTold = typeof answer !== "string";
  const latestMs = trend.at(-1)?.[0] ?? 0;
  if (isTold && nowMs - latestMs >= trendEveryMs) trend.push([nowMs, answer.freeBytes]);
  const { repositories: _, ...own } = isTold ? answer : { repositories: [] };
  const columns = {
    asked_at_ms: nowMs,
    answered_at_ms: isTold ? nowMs : (before?.answered_at_ms ?? null),
    fault: isTold ? null : answer.slice(0, 1000),
    status_json: isTold ? JSON.stringify(own) : (before?.status_json ?? null),
    trend_json: JSON.stringify(trend),
  };
  if (before === undefined) {
    await dialect.insertIfAbsent(tx, "storage_status", {
      storage_name: name,
      host_id: null,
      service_id: null,
      ...columns,
    });
  } else await tx.updateTable("storage_status").set(columns).where("storage_name", "=", name).execute();
  return trend;
}

/** The services that a storage server's host has, and what they say; null: nothing at the moment. */
async function resultsFor(
  tx: Executor,
  server: WatchedServer,
  answer: StorageStatus | string,
  trend: readonly TrendPoint[],
  nowMs: number,
): Promise<Map<string, ServiceResult | null>> {
  const results = new Map<string, ServiceResult | null>();
  const own = `storage ${server.name}`;
  if (typeof answer === "string") {
    results.set(own, resultOf("STORAGE", 2, `the storage server does not answer: ${answer}`, []));
    // What is known of other repositories stays as it is.
    for (const name of await findManaged(tx, server)) if (name !== own) results.set(name, null);
    return results;
  }
  results.set(own, judgeStorage(answer, trend));
  const known = await tx
    .selectFrom("backup_repository")
    .select("path")
    .where("storage_name", "=", server.name)
    .execute();
  const paths = new Set(known.map(({ path }) => path));
  for (const status of answer.repositories) {
    if (paths.has(status.name)) continue;
    for (const [name, result] of otherResults(status, server.otherRpoSeconds, nowMs)) results.set(name, result);
  }
  return results;
}

/** What is told of a repository that no policy knows. One that was never backed up into is not watched. */
function otherResults(status: RepositoryStatus, rpoSeconds: number | null, nowMs: number): [string, ServiceResult][] {
  const { name, lastSnapshotAtMs, scrubbedAtMs, wanted } = status;
  if (lastSnapshotAtMs === null || rpoSeconds === null) return [];
  const freshness = judgeFreshness({ lastSnapshotAtMs, assignedAtMs: lastSnapshotAtMs, rpoSeconds }, nowMs);
  const damaged = wanted.map(({ type, name: object, reason, foundAtMs }) => ({
    object: `${type}/${object}`,
    reason,
    foundAtMs,
    files: [],
    fileCount: 0,
    snapshots: [],
  }));
  return [
    [
      `backup-freshness ${name}`,
      { returnCode: freshness.state === "none" ? 0 : returnCodes[freshness.state], output: freshness.output },
    ],
    [
      `backup-verify ${name}`,
      judgeVerify({ seenAtMs: nowMs, scrubbedAtMs, damaged, createdAtMs: lastSnapshotAtMs }, nowMs),
    ],
  ];
}

async function findHost(tx: Executor, { host }: StorageServerInput): Promise<number | null> {
  if (host === null) return null;
  const row = await tx.selectFrom("host").select("id").where("name", "=", host).executeTakeFirst();
  return row?.id ?? null;
}

async function findManaged(tx: Executor, server: WatchedServer): Promise<string[]> {
  const hostId = await findHost(tx, server);
  return hostId === null ? [] : (await findServices(tx, hostId, server.mark)).map(({ name }) => name);
}

async function findServices(tx: Executor, hostId: number, mark: string) {
  return await tx
    .selectFrom("service")
    .select(["id", "name"])
    .where("host_id", "=", hostId)
    .where("managed_by", "=", mark)
    .execute();
}

/** Takes away services of storage servers that are no more, or run on another host now. Answers whether there were any. */
async function removeLeft(database: ConnectedDatabase, servers: readonly WatchedServer[]): Promise<boolean> {
  const hostOf = new Map(servers.map(({ mark, host }) => [mark, host]));
  const hosts = new Set(servers.map(({ host }) => host));
  const rows = await database.db
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .select(["service.id", "host.name", "managed_by"])
    .where((eb) => eb.or([eb("managed_by", "like", `${markPrefix}%`), eb("managed_by", "=", oldMark)]))
    .execute();
  const isLeft = ({ name, managed_by: mark }: { readonly name: string; readonly managed_by: string | null }) =>
    mark === oldMark ? !hosts.has(name) : hostOf.get(mark ?? "") !== name;
  return await remove(
    database,
    rows.filter(isLeft).map(({ id }) => id),
  );
}

async function removeOldMarked(database: ConnectedDatabase): Promise<boolean> {
  const rows = await database.db.selectFrom("service").select("id").where("managed_by", "=", oldMark).execute();
  return await remove(
    database,
    rows.map(({ id }) => id),
  );
}

async function remove(database: ConnectedDatabase, ids: readonly number[]): Promise<boolean> {
  if (ids.length === 0) return false;
  await database.transaction((tx) => deleteServices(tx, database.dialect, ids));
  return true;
}

/** Makes the services of one storage server what there are results for. */
async function syncServices(
  tx: Executor,
  { dialect }: ConnectedDatabase,
  server: WatchedServer,
  wanted: ReadonlyMap<string, ServiceResult | null>,
  nowMs: number,
) {
  const hostId = await findHost(tx, server);
  if (hostId === null) return { results: [], isServiceOther: false };
  const { mark } = server;
  const adopted = (await findServices(tx, hostId, oldMark)).filter(({ name }) => wanted.has(name));
  for (const { id } of adopted)
    await tx.updateTable("service").set({ managed_by: mark }).where("id", "=", id).execute();
  const rows = await findServices(tx, hostId, mark);
  const present = new Map(rows.map(({ id, name }) => [name, id]));
  const results = [];
  const used = new Set<number>();
  let isServiceOther = false;
  for (const [title, result] of wanted) {
    // Another storage server of this host may have a repository of the same name.
    const names = [title, `${title} (${server.name})`];
    const known = names.find((name) => present.has(name));
    let serviceId = known === undefined ? null : (present.get(known) ?? null);
    if (serviceId === null) {
      const name = await firstFree(tx, hostId, names);
      if (name === undefined) continue;
      serviceId = await createManagedService(tx, dialect, hostId, name, nowMs, mark);
      isServiceOther = true;
    }
    if (serviceId === null) continue;
    used.add(serviceId);
    if (result === null) continue;
    const { returnCode, output } = result;
    results.push({ hostId, serviceId, returnCode, output, checkedAtMs: nowMs, isPassive: false });
  }
  const surplus = rows.filter(({ id }) => !used.has(id)).map(({ id }) => id);
  if (surplus.length > 0) await deleteServices(tx, dialect, surplus);
  return { results, isServiceOther: isServiceOther || surplus.length > 0 };
}

async function firstFree(tx: Executor, hostId: number, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (!(await isNameTaken(tx, hostId, name))) return name;
  return undefined;
}
