import {
  type Acknowledgements,
  createAcknowledgementRoutes,
  createAcknowledgements,
  expireAcknowledgements,
} from "../acknowledgement/index.ts";
import type { CheckNow } from "../agent-command/index.ts";
import type { Ingest } from "../check-result/index.ts";
import { type Comments, createCommentRoutes, createComments } from "../comment/index.ts";
import {
  createAnnounceDowntime,
  createDowntimeRoutes,
  createDowntimes,
  type Downtimes,
  materialiseRecurring,
  noteDowntimes,
} from "../downtime/index.ts";
import {
  createExternalCommandRoutes,
  createExternalCommands,
  type ExternalCommands,
} from "../external-command/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { AnnounceAcknowledgements } from "../notification/announce-acknowledgements.ts";
import type { AnnounceOperation } from "../notification/announce-operations.ts";
import type { Core, Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { createAnnounceExpiry } from "./announce-expiry.ts";
import { createListenerParts } from "./listener-parts.ts";
import { createOverrideRoutes } from "./override-routes.ts";
import { createSwitches } from "./switch-settings.ts";

export interface OperationsDependencies {
  readonly hosts: DefinitionCache;
  readonly ingest: Pick<Ingest, "acceptCheckResults">;
  readonly checkNow: CheckNow;
  readonly announceAcknowledgements: AnnounceAcknowledgements;
  readonly announceOperation: AnnounceOperation;
}

/** What people do, for other parts (Livestatus, ws-arbiter) to offer as well. */
export interface Operations {
  readonly part: Part;
  /** Listeners: they start when everything they need has, and stop before it. */
  readonly listeners: readonly Part[];
  readonly acknowledgements: Acknowledgements;
  readonly downtimes: Downtimes;
  readonly comments: Comments;
  readonly commands: ExternalCommands;
}

/** Wires acknowledgements, downtimes, comments and external commands. */
export function createOperations(core: Core, dependencies: OperationsDependencies): Operations {
  const { database, changes, audit, leases, logger, now } = core;
  const { hosts, ingest, checkNow, announceAcknowledgements, announceOperation } = dependencies;
  const acknowledgements = createAcknowledgements({
    database,
    audit,
    changes,
    announce: announceAcknowledgements,
    now,
  });
  const downtimes = createDowntimes({ database, audit, changes, now });
  const comments = createComments({ database, audit, changes, now });
  const switches = createSwitches({ database, audit, changes, now });
  const commands = createExternalCommands({
    database,
    definitions: hosts,
    changes,
    audit,
    acceptCheckResults: ingest.acceptCheckResults,
    acknowledgements,
    downtimes,
    comments,
    checkNow,
    switches,
    async sendCustom({ actor }, object, { authorName, comment }) {
      const remark = `${authorName}: ${comment}`;
      const news = { type: "CUSTOM" as const, ...object, remark, userId: null, rules: "all" as const };
      return await database.transaction(async (tx) => {
        const nowMs = now();
        const count = await announceOperation(tx, news, nowMs);
        if (count > 0) {
          const record = { actor, resourceKind: "notification", resourceId: null, resourceName: null };
          await audit.record(tx, { ...record, action: "notification.send", after: { ...object, remark } });
        }
        return count;
      });
    },
    logger,
    now,
  });
  const announceDowntime = createAnnounceDowntime(database.dialect, announceOperation);
  const jobs: { stop(): Promise<void> }[] = [];
  return {
    acknowledgements,
    downtimes,
    comments,
    commands,
    listeners: createListenerParts(core, commands),
    part: {
      name: "operation",
      routes: [
        ...createDowntimeRoutes({ database, definitions: hosts, downtimes, now }),
        ...createAcknowledgementRoutes({ database, acknowledgements }),
        ...createCommentRoutes({ database, comments }),
        ...createExternalCommandRoutes({ commands }),
        ...createOverrideRoutes({ database, switches, now }),
      ],
      async start() {
        const job = async () => {
          await noteDowntimes({ database, audit, changes, announce: announceDowntime, now });
          await expireAcknowledgements({
            database,
            audit,
            changes,
            announce: createAnnounceExpiry(announceOperation),
            now,
          });
          await comments.deleteExpired();
        };
        const recur = async () => void (await materialiseRecurring({ database, changes, logger, now }));
        // At once, so that what should run already does before the first result comes.
        await leases.runLeased("recurring-downtimes", 60_000, recur);
        jobs.push(
          runEvery({
            name: "recurring-downtimes",
            intervalMs: 10_000,
            job: async () => void (await leases.runLeased("recurring-downtimes", 60_000, recur)),
            logger,
          }),
          runEvery({
            name: "downtime-clock",
            intervalMs: 1000,
            job: async () => void (await leases.runLeased("downtime-clock", 10_000, job)),
            logger,
          }),
        );
      },
      async stop() {
        await Promise.all(jobs.map((job) => job.stop()));
      },
    },
  };
}
