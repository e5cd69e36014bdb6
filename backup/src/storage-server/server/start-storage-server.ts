import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, readdir, rm, stat } from "node:fs/promises";
import type { Server } from "node:http";
import { join } from "node:path";
import { openServerClock } from "../clock/index.ts";
import {
  createEventPoster,
  createEventStreams,
  type EventQueue,
  openEventQueue,
  type StorageEvent,
} from "../event/index.ts";
import { createStorageMetrics } from "../metrics/index.ts";
import { openFreeSpace } from "../quota/index.ts";
import { finishTrashing, openRepositories, type StateLayout, stateLayout } from "../repository/index.ts";
import { type BadObject, createScrubber, reconcileQuarantine } from "../scrub/index.ts";
import { watchCertificate } from "./certificate.ts";
import { claimStateDirectory } from "./claim-state-directory.ts";
import { createContext, createUploadSlots, prepareEvent, readFigures } from "./create-context.ts";
import { createHttpServer } from "./create-http-server.ts";
import { handleRequest } from "./handle-request.ts";
import { createHousekeeping, latestTrashStamp } from "./housekeeping.ts";
import { parseListen, urlHost } from "./listen-address.ts";
import { type ResolvedOptions, resolveOptions } from "./resolve-options.ts";
import type { StorageServer, StorageServerOptions } from "./storage-server-options.ts";

const minuteMs = 60_000;
const maximumWaitingEvents = 10_000;

/** Starts a storage server. Throws InputError for options that cannot be used, and Node's error when it cannot listen. */
export async function startStorageServer(given: StorageServerOptions): Promise<StorageServer> {
  const options = resolveOptions(given);
  const layout = await prepareStateDirectory(options.stateDirectory);
  const { dev, ino } = await stat(layout.root, { bigint: true });
  const claim = await claimStateDirectory(`${dev}:${ino}`, layout.root);
  try {
    return await start(options, layout, () => claim.release());
  } catch (error) {
    await claim.release();
    throw error;
  }
}

async function start(
  options: ResolvedOptions,
  layout: StateLayout,
  releaseClaim: () => Promise<void>,
): Promise<StorageServer> {
  const { logger, now, monotonicNow } = options;
  await removeLeftovers(layout);
  await finishTrashing(layout);
  const stopping = new AbortController();
  const clock = await openServerClock(layout.clockFile, { now, monotonicNow });
  const freeSpace = await openFreeSpace(layout.root, layout.reserveFile, options.reserveBytes);
  const repositories = openRepositories(layout, (repository) => reconcileQuarantine(repository, clock.uptimeMs()));
  clock.atLeast(await latestTrashStamp(layout, await repositories.list()));

  const uploads = createUploadSlots(options.maxUploads);
  const quotas = new Map<string, number>();
  const queue = options.webhookUrl === undefined ? null : await openEventQueue(layout.events, maximumWaitingEvents);
  const metrics = createStorageMetrics({
    repositories: () => readFigures(repositories, quotas, now),
    uploads: () => uploads.taken,
    waitingEvents: () => queue?.length ?? 0,
    space: async () => ({ freeBytes: await freeSpace.freeBytes(), reserveBytes: freeSpace.reserveBytes }),
  });
  const streams = createEventStreams();
  const poster = queue === null ? null : createPoster(options, queue, layout, metrics.addEvent);

  const wakePoster = () => poster?.wake();
  async function tellOfBad({ repository, type, name, reason }: BadObject): Promise<void> {
    metrics.addBadObject(type);
    const event: StorageEvent = {
      type: "damaged-object",
      id: randomUUID(),
      repository,
      objectType: type,
      name,
      reason,
      foundAtMs: now(),
    };
    await (await prepareEvent(event, { queue, streams, wakePoster })).confirm();
  }
  const scrubsAsked = new Set<string>();
  const scrubber = createScrubber({
    repositories,
    bytesPerSecond: options.scrubBytesPerSecond,
    intervalMs: options.scrubIntervalMs,
    onBad: tellOfBad,
    onRead: metrics.addScrubbed,
    logger,
    now,
    monotonicNow,
  });
  const context = await createContext(options, {
    layout,
    repositories,
    clock,
    freeSpace,
    metrics,
    streams,
    queue,
    quotas,
    uploads,
    wakePoster,
    scrub: (name) => {
      if (scrubsAsked.has(name)) return;
      scrubsAsked.add(name);
      const done = scrubber.scrubOne(name, stopping.signal);
      void done
        .catch((err: unknown) => stopping.signal.aborted || logger.error({ err, repository: name }, "scrub failed"))
        .finally(() => scrubsAsked.delete(name));
    },
    suspect: (repository, object, err) => {
      if (err instanceof Error && "code" in err && err.code === "EIO")
        void scrubber.scrubObject(repository, object).catch(() => undefined);
    },
    isClosing: () => stopping.signal.aborted,
  });

  const server = await createHttpServer(options, (request, response) => void handleRequest(request, response, context));
  const { certificateFiles } = options;
  const renewCertificate =
    certificateFiles !== null && "setSecureContext" in server
      ? watchCertificate(server, certificateFiles, options)
      : async () => {};
  const { host, port } = parseListen(options.listen);
  server.listen({ port, ...(host === "" ? {} : { host }), backlog: 1024 });
  await once(server, "listening");

  const chores = createHousekeeping({
    layout,
    repositories,
    clock,
    freeSpace,
    trashGraceMs: options.trashGraceMs,
    renewCertificate,
    logger,
  });
  await chores.everyMinute();
  const minutely = setInterval(() => void chores.everyMinute(), minuteMs);
  const emptying = setInterval(
    () => void chores.emptyTrash(),
    Math.min(60 * minuteMs, options.trashGraceMs / 4 + 1000),
  );
  void chores.emptyTrash();
  const background = [scrubber.run(stopping.signal), poster?.run(stopping.signal)];

  const address = server.address();
  const taken = typeof address === "object" && address !== null ? address.port : port;
  return {
    address: `${certificateFiles === null ? "http" : "https"}://${urlHost(host)}:${taken}`,
    scrubNow: (signal) => scrubber.scrubAll(signal ?? stopping.signal),
    reload: renewCertificate,
    async close() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      clearInterval(minutely);
      clearInterval(emptying);
      streams.closeAll();
      await closeServer(server, options.closeTimeoutMs);
      await Promise.all(background);
      await clock.persist().catch((err: unknown) => logger.warn({ err }, "the clock could not be written"));
      await releaseClaim();
    },
  };
}

async function prepareStateDirectory(path: string): Promise<StateLayout> {
  const layout = stateLayout(path);
  for (const directory of [layout.repositories, layout.temporaries, layout.trashedRepositories, layout.events])
    await mkdir(directory, { recursive: true, mode: 0o700 });
  return layout;
}

// Uploads that a crash ended. Nobody else writes here: the directory is claimed.
async function removeLeftovers(layout: StateLayout): Promise<void> {
  for (const name of await readdir(layout.temporaries)) await rm(join(layout.temporaries, name), { force: true });
}

function createPoster(
  options: ResolvedOptions,
  queue: EventQueue,
  layout: StateLayout,
  onOutcome: (outcome: "sent" | "retry" | "dropped") => void,
) {
  return createEventPoster({
    url: options.webhookUrl ?? "",
    secretFile: options.webhookSecretFile ?? null,
    queue,
    logger: options.logger,
    random: Math.random,
    onOutcome,
    isTrue: (json) => isStillTrue(json, layout),
  });
}

// A snapshot's event is written before the snapshot appears; where a crash came between, it tells of nothing.
async function isStillTrue(json: string, layout: StateLayout): Promise<boolean> {
  const event = parseJson(json);
  if (event === undefined) return false;
  if (typeof event !== "object" || event === null || !("snapshot" in event) || !("repository" in event)) return true;
  const { snapshot, repository } = event;
  if (typeof snapshot !== "string" || typeof repository !== "string") return true;
  const path = layout.repository(repository).object({ type: "snapshots", name: snapshot });
  return await access(path).then(
    () => true,
    () => false,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function closeServer(server: Server, timeoutMs: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  // A connection that has just got its answer would otherwise stay open for another request.
  const sweeping = setInterval(() => server.closeIdleConnections(), 50);
  server.closeIdleConnections();
  const cutting = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearInterval(sweeping);
  clearTimeout(cutting);
}
