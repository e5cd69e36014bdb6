import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the storage server counts. */
export interface StorageMetrics {
  /** Everything in Prometheus' text format. */
  expose(): Promise<string>;
  readonly contentType: string;
  /** `type` is an object type or a kind of request, `status` what was answered. */
  observeRequest(request: { method: string; type: string; status: number; seconds: number }): void;
  addBytes(direction: "in" | "out", bytes: number): void;
  addAuthenticationFailure(reason: "unauthenticated" | "forbidden" | "throttled"): void;
  addScrubbed(bytes: number): void;
  addBadObject(type: string): void;
  addEvent(outcome: "sent" | "retry" | "dropped"): void;
}

/** Figures that are read when they are asked for. */
export interface StorageFigures {
  repositories(): Promise<readonly RepositoryFigures[]>;
  uploads(): number;
  waitingEvents(): number;
  space(): Promise<{ freeBytes: number; reserveBytes: number }>;
}

/** Figures of one repository; null is not known (yet). */
export interface RepositoryFigures {
  readonly name: string;
  readonly bytes: number | null;
  readonly trashBytes: number | null;
  readonly objects: Readonly<Record<string, number>> | null;
  readonly snapshots: number | null;
  readonly lastSnapshotAtMs: number | null;
  readonly quotaBytes: number | null;
  readonly wanted: number;
  readonly scrubAgeSeconds: number | null;
}

/** Of more repositories than this there are no figures: no scrape grows without end. */
const maximumLabels = 2_000;
const methods = new Set(["GET", "HEAD", "POST", "DELETE"]);

/** Metrics in a registry of their own. */
export function createStorageMetrics(figures: StorageFigures): StorageMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "mycloud_storage_requests_total",
    help: "Requests by method, kind of object and status",
    labelNames: ["method", "type", "status"],
    registers,
  });
  const duration = new Histogram({
    name: "mycloud_storage_request_duration_seconds",
    help: "Time from a request's head to the end of its answer",
    labelNames: ["method", "type"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  const transferred = new Counter({
    name: "mycloud_storage_transferred_bytes_total",
    help: "Bytes of objects received (in) and sent (out)",
    labelNames: ["direction"],
    registers,
  });
  const refusals = new Counter({
    name: "mycloud_storage_authentication_failures_total",
    help: "Requests refused for who sent them or what they may do",
    labelNames: ["reason"],
    registers,
  });
  const scrubbed = new Counter({
    name: "mycloud_storage_scrubbed_bytes_total",
    help: "Bytes of stored objects read again and compared with their names",
    registers,
  });
  const bad = new Counter({
    name: "mycloud_storage_damaged_objects_total",
    help: "Stored objects found damaged",
    labelNames: ["type"],
    registers,
  });
  const events = new Counter({
    name: "mycloud_storage_events_total",
    help: "Attempts to post an event",
    labelNames: ["outcome"],
    registers,
  });
  const refresh = registerFigures(registry, figures);

  return {
    contentType: registry.contentType,
    async expose() {
      await refresh();
      return await registry.metrics();
    },
    observeRequest({ method, type, status, seconds }) {
      const known = methods.has(method) ? method : "other";
      requests.inc({ method: known, type, status: String(status) });
      duration.observe({ method: known, type }, seconds);
    },
    addBytes: (direction, bytes) => transferred.inc({ direction }, bytes),
    addAuthenticationFailure: (reason) => refusals.inc({ reason }),
    addScrubbed: (bytes) => scrubbed.inc(bytes),
    addBadObject: (type) => bad.inc({ type }),
    addEvent: (outcome) => events.inc({ outcome }),
  };
}

// What is read when it is asked for is read once for all gauges, before any of them is written out.
function registerFigures(registry: Registry, figures: StorageFigures): () => Promise<void> {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: readonly string[] = ["repository"]) =>
    new Gauge({ name: `mycloud_storage_${name}`, help, labelNames: [...labelNames], registers });
  const bytes = gauge("repository_size_bytes", "Bytes of a repository's objects");
  const trash = gauge("repository_trash_bytes", "Bytes of deleted objects that can still be put back");
  const objects = gauge("repository_objects", "Objects of a repository", ["repository", "type"]);
  const snapshots = gauge("repository_snapshots", "Snapshots of a repository");
  const newest = gauge("repository_last_snapshot_timestamp_seconds", "When the newest snapshot came");
  const quota = gauge("repository_quota_bytes", "Bytes a repository may hold, as last told; 0 is unlimited");
  const wanted = gauge("repository_wanted_objects", "Damaged objects that are wanted again");
  const age = gauge("repository_scrub_age_seconds", "Since when every object of a repository has been read once");
  const uploads = gauge("uploads", "Uploads under way", []);
  const waiting = gauge("events_waiting", "Events that have not been posted yet", []);
  const reserve = gauge("reserve_bytes", "Free bytes that uploads leave alone", []);
  const perRepository = [bytes, trash, objects, snapshots, newest, quota, wanted, age];
  const set = (metric: Gauge, repository: string, value: number | null) => {
    if (value !== null) metric.set({ repository }, value);
  };
  const free = gauge("free_bytes", "Free bytes of the file system", []);
  return async () => {
    for (const metric of perRepository) metric.reset();
    for (const each of (await figures.repositories()).slice(0, maximumLabels)) {
      set(bytes, each.name, each.bytes);
      set(trash, each.name, each.trashBytes);
      set(snapshots, each.name, each.snapshots);
      set(newest, each.name, each.lastSnapshotAtMs === null ? null : each.lastSnapshotAtMs / 1000);
      set(quota, each.name, each.quotaBytes);
      set(wanted, each.name, each.wanted);
      set(age, each.name, each.scrubAgeSeconds);
      for (const [type, count] of Object.entries(each.objects ?? {}))
        objects.set({ repository: each.name, type }, count);
    }
    uploads.set(figures.uploads());
    waiting.set(figures.waitingEvents());
    const space = await figures.space();
    reserve.set(space.reserveBytes);
    free.set(space.freeBytes);
  };
}
