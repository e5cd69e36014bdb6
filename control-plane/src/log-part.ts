import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ingest } from "./check-result/index.ts";
import type { Configuration } from "./configuration/index.ts";
import { createLogChecks } from "./log-check/index.ts";
import { createLogForwards } from "./log-forward/index.ts";
import type { ForwardAddress } from "./log-job/index.ts";
import { createLogReceiver } from "./log-receiver/index.ts";
import { createLogSearchRoutes } from "./log-search/index.ts";
import {
  createAttendedLogStore,
  createLogStore,
  type LogStore,
  type LogStoreLocation,
  parseLogStoreUrl,
} from "./log-store/index.ts";
import type { DefinitionCache } from "./monitored/index.ts";
import type { TellBackground } from "./notification/index.ts";
import type { Core, Part } from "./part.ts";
import { createProblemLogPart, createTellLogs } from "./problem-log/index.ts";
import { createSavedLogSearchRoutes } from "./saved-log-search/index.ts";
import { runEvery } from "./schedule/index.ts";
import { createSnmpTrap, type SnmpTrapNeeds } from "./snmp-trap/index.ts";

/** Logs: where they are kept, and who asks. */
export interface Logs {
  readonly store: LogStore;
  /** What a host logged around its problem, for mails. */
  readonly tell: TellBackground;
  readonly part: Part;
}

const maintainEveryMs = 3_600_000;

/** The store opens before anything comes in, or when somebody asks, and closes last. */
export function createLogs({ configuration, registry, logger, streams, leases, database, audit, now }: Core): Logs {
  const store = createAttendedLogStore({
    kind: configuration.logStoreUrl === null ? "sqlite" : "clickhouse",
    open: async () => await createLogStore({ location: await locate(configuration), logger, registry }),
    logger,
  });
  let maintaining: ReturnType<typeof runEvery> | undefined;
  return {
    store,
    tell: createTellLogs({ database, store, logger }),
    part: {
      name: "log-store",
      routes: [
        ...createLogSearchRoutes({ store, streams, now }),
        ...createSavedLogSearchRoutes({ database, audit, now }),
      ],
      async start() {
        // What may come in at any moment is not kept waiting; others wait for the first who asks.
        const { forward, syslog, snmpTrap } = configuration;
        if (forward !== null || syslog !== null || snmpTrap !== null) await store.start();
        const { logKeepDays: days, logKeepBytes: bytesPerSource } = configuration;
        const maintain = async () => void (await store.maintain({ days, bytesPerSource }, now()));
        // An embedded store is this control plane's own; a ClickHouse is everybody's.
        const isOwn = configuration.logStoreUrl === null;
        const job = async () =>
          isOwn ? await maintain() : void (await leases.runLeased("log-retention", 60_000, maintain));
        maintaining = runEvery({ name: "log-retention", intervalMs: maintainEveryMs, job, logger });
      },
      async stop() {
        await maintaining?.stop();
        await store.close();
      },
    },
  };
}

/** What takes logs in, and sends them on. */
export function createLogListeners(
  core: Core,
  { store }: Pick<Logs, "store">,
  { announce }: Pick<ForwardAddress, "announce">,
  traps: Pick<SnmpTrapNeeds, "commands" | "definitions" | "engine">,
): readonly Part[] {
  const forwards = createLogForwards(core);
  const { hold } = forwards;
  return [
    forwards.part,
    createLogReceiver(core, { store, announce, hold, retentionDays: () => core.configuration.logKeepDays }).part,
    createSnmpTrap(core, { ...traps, store, hold }).part,
  ];
}

/** What looks into logs by itself. */
export function createLogWatch(
  core: Core,
  { store }: Pick<Logs, "store">,
  { definitions, acceptCheckResults }: { readonly definitions: DefinitionCache } & Pick<Ingest, "acceptCheckResults">,
): readonly Part[] {
  const checks = createLogChecks({ ...core, store, definitions, acceptCheckResults });
  return [checks.part, createProblemLogPart(core, store)];
}

/** The embedded store, unless there is a ClickHouse. Throws InputError, and what reading its password does. */
async function locate({ logStoreUrl, logStorePasswordFile, stateDir }: Configuration): Promise<LogStoreLocation> {
  if (logStoreUrl === null) return { kind: "sqlite", directory: join(stateDir, "logs") };
  const password =
    logStorePasswordFile === null ? null : (await readFile(logStorePasswordFile, "utf8")).replace(/\r?\n$/, "");
  return parseLogStoreUrl(logStoreUrl, password);
}
