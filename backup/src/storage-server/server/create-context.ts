import { readFile, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import {
  createAuthenticator,
  createBasicVerifier,
  createTokenVerifier,
  readTokenKeys,
  watchFile,
} from "../authentication/index.ts";
import type { ServerClock } from "../clock/index.ts";
import type { EventQueue, EventStreams, PreparedEvent, StorageEvent } from "../event/index.ts";
import { createRequestRate, createSlots, createTokenBucket } from "../limit/index.ts";
import type { RepositoryFigures, StorageMetrics } from "../metrics/index.ts";
import { readPasswordFile } from "../password-file/index.ts";
import type { FreeSpace } from "../quota/index.ts";
import type { Repositories, StateLayout } from "../repository/index.ts";
import { parseTrustedProxies } from "../request/index.ts";
import { readScrubRecord } from "../scrub/index.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { StorageContext } from "./storage-context.ts";
import { createConnectionLimits } from "./transfer.ts";

/** What the start has made already. */
export interface ContextParts {
  readonly layout: StateLayout;
  readonly repositories: Repositories;
  readonly clock: ServerClock;
  readonly freeSpace: FreeSpace;
  readonly metrics: StorageMetrics;
  readonly streams: EventStreams;
  readonly queue: EventQueue | null;
  readonly quotas: Map<string, number>;
  readonly uploads: StorageContext["uploads"];
  readonly wakePoster: () => void;
  readonly scrub: StorageContext["scrub"];
  readonly suspect: StorageContext["suspect"];
  readonly isClosing: () => boolean;
}

const uploadWaitMs = 30_000;

/** The places for uploads; more wait in line. */
export function createUploadSlots(maxUploads: number): StorageContext["uploads"] {
  return createSlots(maxUploads, 4 * maxUploads, uploadWaitMs);
}

/** Makes an event durable; confirmed, it goes to those who listen and to the webhook. */
export async function prepareEvent(
  event: StorageEvent,
  { queue, streams, wakePoster }: Pick<ContextParts, "queue" | "streams" | "wakePoster">,
): Promise<PreparedEvent> {
  const prepared = await queue?.prepare(event);
  return {
    async confirm() {
      await prepared?.confirm();
      streams.send(event);
      wakePoster();
    },
    cancel: async () => prepared?.cancel(),
  };
}

/** Puts together what answering requests needs. */
export async function createContext(options: ResolvedOptions, parts: ContextParts): Promise<StorageContext> {
  const { monotonicNow, now, logger } = options;
  const rate = (bytesPerSecond: number) => createTokenBucket(bytesPerSecond, monotonicNow);
  return {
    ...parts,
    authenticator: await createOptionsAuthenticator(options, parts.layout),
    trustedProxies: parseTrustedProxies(options.trustedProxies),
    requestRate: createRequestRate(options.requestsPerSecond, monotonicNow),
    bandwidth: { in: rate(options.limitInBytesPerSecond), out: rate(options.limitOutBytesPerSecond) },
    connectionLimits: createConnectionLimits(() => ({
      in: rate(options.connectionInBytesPerSecond),
      out: rate(options.connectionOutBytesPerSecond),
    })),
    pace: {
      idleTimeoutMs: options.idleTimeoutMs,
      minBytesPerSecond: options.minBytesPerSecond,
      windowMs: Math.min(15_000, options.idleTimeoutMs),
      monotonicNow,
    },
    maxObjectBytes: options.maxObjectBytes,
    defaultQuotaBytes: options.quotaBytes,
    prepareEvent: (event) => prepareEvent(event, parts),
    readMetricsToken: async () =>
      options.metricsTokenFile === undefined ? null : (await readFile(options.metricsTokenFile, "utf8")).trim(),
    isReady: async () => {
      if (parts.isClosing()) return "closing";
      const free = await parts.freeSpace.freeBytes();
      return free < parts.freeSpace.reserveBytes ? `full: ${free} bytes free` : null;
    },
    logger,
    now,
    monotonicNow,
  };
}

async function createOptionsAuthenticator(options: ResolvedOptions, layout: StateLayout) {
  const { monotonicNow, now, logger } = options;
  const watch = <T>(path: string, read: (path: string) => Promise<T>) =>
    watchFile(path, read, (err) => logger.error({ err, path }, "file cannot be used; what it said before holds"));
  const keyFiles = options.tokenPublicKeyFiles.map((path) => watch(path, readTokenKeys));
  const revokedFile = options.revokedTokensFile === undefined ? null : watch(options.revokedTokensFile, readRevoked);
  const passwords = watch(options.passwordFile ?? layout.passwordFile, readPasswordFile);
  // What cannot be read is said at the start, not to the first client.
  await Promise.all([...keyFiles, passwords, ...(revokedFile === null ? [] : [revokedFile])].map((file) => file.get()));
  // The verifier forgets what it remembers when the set of keys is another object: it is made anew only when a file was read anew.
  let joined: { parts: readonly unknown[]; keys: Awaited<ReturnType<typeof readTokenKeys>> } | null = null;
  return createAuthenticator({
    isOpen: options.isOpen,
    basic: createBasicVerifier({ entries: () => passwords.get(), monotonicNow }),
    tokens: createTokenVerifier({
      now,
      revoked: async () => (await revokedFile?.get()) ?? new Set(),
      keys: async () => {
        const read = await Promise.all(keyFiles.map((file) => file.get()));
        if (joined === null || read.some((keys, at) => keys !== joined?.parts[at]))
          joined = { parts: read, keys: read.flat() };
        return joined.keys;
      },
    }),
  });
}

async function readRevoked(path: string): Promise<ReadonlySet<string>> {
  const present = await stat(path).catch(() => null);
  const text = present === null ? "" : await readFile(path, "utf8");
  return new Set(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#")),
  );
}

/** A scrape waits this long for a repository that has not been counted since the start; a larger one is ready for the next scrape. */
const countingMs = 1000;

async function countForAWhile<Usage>(counted: Promise<Usage>): Promise<Usage | null> {
  const patience = new AbortController();
  const late = setTimeout(countingMs, null, { signal: patience.signal, ref: false }).catch(() => null);
  const usage = await Promise.race([counted.catch(() => null), late]);
  patience.abort();
  return usage;
}

/** The figures of every repository, for a scrape. */
export async function readFigures(
  repositories: Repositories,
  quotas: ReadonlyMap<string, number>,
  now: () => number,
): Promise<readonly RepositoryFigures[]> {
  const figures: RepositoryFigures[] = [];
  for (const name of await repositories.list()) {
    const repository = await repositories.find(name);
    if (repository === null) continue;
    const usage = repository.usage.current() ?? (await countForAWhile(repository.usage.count()));
    const { last } = await readScrubRecord(repository.layout.scrubFile);
    figures.push({
      name,
      bytes: usage?.bytes ?? null,
      trashBytes: usage?.trashBytes ?? null,
      objects: usage?.objects ?? null,
      snapshots: usage?.objects.snapshots ?? null,
      lastSnapshotAtMs: repository.order.latest()?.receivedAtMs ?? null,
      quotaBytes: quotas.get(name) ?? null,
      wanted: repository.wanted.all().length,
      scrubAgeSeconds: last === null ? null : Math.max(0, (now() - last.startedAtMs) / 1000),
    });
  }
  return figures;
}
