import { pino } from "pino";
import type { ChangeBus } from "../../change/index.ts";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { createHost } from "../../host/create-host.ts";
import { DefinitionCache } from "../../monitored/index.ts";
import { createServices } from "../../service/create-services.ts";
import { type NotificationDecider, noNotifications, type StateChangeRecord } from "../../state-change/index.ts";
import type { IncomingResult, ResultBatch } from "../incoming-result.ts";
import { createStoreBatches } from "../store-batches.ts";

/** A change bus that remembers what it was told. */
export function recordingBus(): ChangeBus & { readonly published: [string, readonly number[] | null][] } {
  const published: [string, readonly number[] | null][] = [];
  return { published, publish: (type, ids) => published.push([type, ids]), subscribe: () => () => {} };
}

/** A decider that tells nobody and remembers what it was asked. */
export function recordingDecider(): NotificationDecider & { readonly asked: StateChangeRecord[] } {
  const asked: StateChangeRecord[] = [];
  return {
    asked,
    decide: async (executor, changes, nowMs) => {
      asked.push(...changes);
      return noNotifications.decide(executor, changes, nowMs);
    },
  };
}

export interface IngestFixtureOptions {
  readonly hosts?: number;
  readonly servicesPerHost?: number;
  readonly maxCheckAttempts?: number;
  readonly freshnessSeconds?: number | null;
}

/** Hosts `web1`.. with passive services `s1`.., and everything ingest needs around them, with a clock of its own. */
export async function ingestFixture(database: ConnectedDatabase, options: IngestFixtureOptions = {}) {
  const { hosts = 1, servicesPerHost = 1, maxCheckAttempts = 3, freshnessSeconds = null } = options;
  const clock = { nowMs: 1_700_000_000_000 };
  const ids: { hostId: number; serviceIds: number[] }[] = [];
  await database.transaction(async (tx) => {
    ids.length = 0;
    for (let host = 1; host <= hosts; host++) {
      const hostId = await createHost(tx, database.dialect, { ...plainHost, name: `web${host}` }, clock.nowMs);
      const services = Array.from({ length: servicesPerHost }, (_, index) => ({
        hostId,
        name: `s${index + 1}`,
        checkId: null,
        maxCheckAttempts,
        freshnessSeconds,
        notes: "",
        overdueAtMs: null,
      }));
      ids.push({ hostId, serviceIds: await createServices(tx, database.dialect, services, clock.nowMs) });
    }
  });
  const definitions = new DefinitionCache({ dialect: database.dialect });
  const decider = recordingDecider();
  const changes = recordingBus();
  let threads = 0;
  const newThreadKey = () => `thread${++threads}`;
  const now = () => clock.nowMs;
  const storeBatches = createStoreBatches({ database, definitions, decider, changes, now, newThreadKey });
  return {
    clock,
    ids,
    definitions,
    decider,
    changes,
    newThreadKey,
    now,
    storeBatches,
    logger: pino({ level: "silent" }),
  };
}

export const plainHost = {
  displayName: null,
  address: null,
  labels: {},
  groups: [] as string[],
  customer: null,
  notes: "",
  maxCheckAttempts: 3,
  freshnessSeconds: null,
  origin: "operator" as const,
};

/** A passive result of a service. */
export function resultOf(
  hostId: number,
  serviceId: number | null,
  returnCode: number,
  more: Partial<IncomingResult> = {},
): IncomingResult {
  return {
    hostId,
    serviceId,
    returnCode,
    output: `code ${returnCode} | value=${returnCode}`,
    isPassive: true,
    ...more,
  };
}

/** A batch whose answer lists its outcomes. */
export function batchOf(
  results: readonly IncomingResult[],
  batchId: string | null = null,
  sender = "token:1",
): ResultBatch {
  return { results, sender, batchId, describe: (outcomes) => JSON.stringify(outcomes) };
}
