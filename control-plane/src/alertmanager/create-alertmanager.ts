import { randomUUID } from "node:crypto";
import type { Ingest } from "../check-result/index.ts";
import type { Configuration } from "../configuration/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Core, Part } from "../part.ts";
import type { ProblemRootsReader } from "../problem/index.ts";
import { runEvery } from "../schedule/index.ts";
import { createAlertIntake } from "./accept-alerts.ts";
import { createAlertRoutes } from "./alert-routes.ts";
import { noteAlerts } from "./alertmanager-clock.ts";
import { withoutKnownAlerts } from "./known-alerts.ts";
import type { AlertMapping } from "./place-alert.ts";
import { createSilenceRoutes } from "./silence-routes.ts";
import { createSilences } from "./silences.ts";
import { createWebhookRoutes } from "./webhook-routes.ts";

export interface AlertmanagerDependencies {
  /** Ingest's cache. */
  readonly definitions: DefinitionCache;
  readonly ingest: Pick<Ingest, "acceptCheckResults">;
  readonly roots: Pick<ProblemRootsReader, "read">;
}

/** How often the ends of alerts and silences are looked after. */
const intervalMs = 2_000;
/** Following silences may take this part of the time: while definitions change without end, checks go before. */
const followingShare = 0.05;

/** Wires Alertmanager's API and the webhooks in. */
export function createAlertmanager(core: Core, { definitions, ingest, roots }: AlertmanagerDependencies): Part {
  const { database, audit, changes, leases, registry, logger, publicUrl, version, configuration, now } = core;
  const mapping = mappingOf(configuration);
  const silences = createSilences({ database, definitions, audit, changes, logger, newId: randomUUID, now });
  const intake = withoutKnownAlerts(
    createAlertIntake({
      database,
      definitions,
      changes,
      acceptCheckResults: ingest.acceptCheckResults,
      mapping,
      onNew: (begun) => silences.followAlerts(begun),
      now,
    }),
    registry,
  );
  // What is added or changed may belong to a silence, or no longer.
  let isStale = true;
  const unsubscribe = changes.subscribe((type) => {
    if (type === "definitions") isStale = true;
  });
  const jobs: { stop(): Promise<void> }[] = [];
  return {
    name: "alertmanager",
    routes: [
      ...createAlertRoutes({
        database,
        definitions,
        roots,
        publicUrl,
        intake,
        mapping,
        version,
        startedAtMs: now(),
        now,
      }),
      ...createSilenceRoutes({ silences, now }),
      ...createWebhookRoutes({ intake, now }),
    ],
    async start() {
      const { resolveTimeoutMs } = mapping;
      const note = () => noteAlerts({ database, intake, resolveTimeoutMs, now });
      const noteLeased = async () => void (await leases.runLeased("alert-clock", 30_000, note));
      // Before the first request: ends move by the time nobody listened.
      await noteLeased();
      let notBeforeMs = 0;
      const follow = async () => {
        const startedMs = performance.now();
        if (!isStale || startedMs < notBeforeMs) return;
        isStale = false;
        await silences.follow();
        const endedMs = performance.now();
        notBeforeMs = endedMs + (endedMs - startedMs) / followingShare;
      };
      jobs.push(
        runEvery({ name: "alert-clock", intervalMs, job: noteLeased, logger }),
        runEvery({ name: "silence-following", intervalMs, job: follow, logger }),
      );
    },
    async stop() {
      unsubscribe();
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}

function mappingOf(configuration: Configuration): AlertMapping {
  const { alertHostLabels, alertDefaultHost, alertSeverities, alertResolveSeconds } = configuration;
  return {
    hostLabels: alertHostLabels,
    defaultHost: alertDefaultHost,
    severities: alertSeverities,
    resolveTimeoutMs: alertResolveSeconds * 1000,
  };
}
