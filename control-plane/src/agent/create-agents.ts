import type { Logger } from "pino";
import { type CheckNow, createAgentCommandRoutes, createCheckNow } from "../agent-command/index.ts";
import {
  type AskAgent,
  createAgentQuestionRoutes,
  createAgentQuestions,
  createQuestionBoard,
} from "../agent-question/index.ts";
import type { AuditLog } from "../audit/index.ts";
import { findBackupJobs } from "../backup-repository/find-backup-jobs.ts";
import type { ChangeBus } from "../change/index.ts";
import type { AcceptCheckResults } from "../check-result/incoming-result.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import type { Leases } from "../database/lease.ts";
import { createHeldChecksWatch, findHeldChecks } from "../dependency/index.ts";
import { findTimePeriods } from "../dependency/store.ts";
import { createEnrolmentTokenRoutes } from "../enrolment-token/index.ts";
import { mendDeadlines } from "../freshness/mend-deadlines.ts";
import type { FindMetricsJobs } from "../host-metrics/metrics-job.ts";
import type { Authenticators } from "../http/authenticate.ts";
import type { EventStreams } from "../http/event-stream.ts";
import type { Route } from "../http/route.ts";
import { createLogJobFinder, type LogJobDependencies } from "../log-job/index.ts";
import type { LogPipelines } from "../log-pipeline/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { createProbersWatch } from "../prober/index.ts";
import { runEvery } from "../schedule/index.ts";
import { createSnmpDeviceFinder } from "../snmp-device/index.ts";
import type { AdmissionPolicy } from "./admission.ts";
import { createAgentStreams } from "./agent-streams.ts";
import { createAgentAuthenticator } from "./authenticate-agent.ts";
import { createConfigurationSource } from "./configuration-source.ts";
import type { EnrolDependencies } from "./enrol-agent.ts";
import { createKeepaliveWriter } from "./keepalive-writer.ts";
import { createAgentManagementRoutes } from "./management-routes.ts";
import { createAgentRoutes } from "./routes.ts";

export interface AgentsDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly eventStreams: EventStreams;
  readonly acceptCheckResults: AcceptCheckResults;
  /** Forgotten by its owner when definitions change. */
  readonly definitions: DefinitionCache;
  /** Gives a host the services that its labels and groups amount to; in the caller's transaction. */
  readonly planServicesOfHost: (tx: Executor, hostId: number, nowMs: number) => Promise<void>;
  /** Tells those whose machine came in, in the transaction in which it does. */
  readonly tellEnrolled?: EnrolDependencies["tellEnrolled"];
  readonly publicUrl: string | null;
  /** What the log jobs of agents are made of. */
  readonly logs: Omit<LogJobDependencies, "database">;
  /** Hears how the logs of hosts get on. */
  readonly logPipelines?: LogPipelines;
  /** What becomes of hosts' metrics. */
  readonly findMetricsJobs?: FindMetricsJobs;
  readonly logger: Logger;
  readonly now: () => number;
  readonly admission?: AdmissionPolicy;
  /** For what one of several control planes decides. */
  readonly leases?: Leases;
  /** How long an agent's stream may be gone until the agent counts as gone. */
  readonly departureGraceMs?: number;
}

/** Everything about agents, for the wiring: routes, who an agent is, and what runs beside requests. */
export interface Agents {
  readonly routes: readonly Route[];
  readonly authenticate: Authenticators["agentToken"];
  readonly checkNow: CheckNow;
  /** Commands were created in this process: have them delivered at once. */
  readonly wake: () => void;
  /** Asks the agent of a host and waits for its answer. */
  readonly ask: AskAgent;
  /** Agents whose stream this process holds. */
  connected(): number;
  start(): void;
  stop(): Promise<void>;
}

/** Two thousand agents are back within half a minute, and no second brings more than a small machine takes beside its other work. */
const defaultAdmission: AdmissionPolicy = { perSecond: 200, burst: 400, maximumWaitSeconds: 60 };

/** How soon agents hear that a check is held back, or no longer. */
const heldChecksIntervalMs = 2_000;
/** How soon a prober's silence is acted on once it counts as gone. */
const probersIntervalMs = 2_000;

/** Wires agents, their commands and enrolment tokens together. */
export function createAgents(deps: AgentsDependencies): Agents {
  const { database, audit, changes, logger, now, acceptCheckResults, planServicesOfHost, definitions } = deps;
  const configurations = createConfigurationSource(database, {
    findBackupJobs: (hostIds) => findBackupJobs(database, hostIds),
    findLogJobs: createLogJobFinder({ database, ...deps.logs }),
    findSnmpDevices: createSnmpDeviceFinder(database, deps.logs.sealer),
    ...(deps.findMetricsJobs === undefined ? {} : { findMetricsJobs: deps.findMetricsJobs }),
    findHeldChecks: (hostIds) => findHeldChecks(database.db, definitions, hostIds, now()),
    findTimePeriods: () => findTimePeriods(database.db),
  });
  const keepalives = createKeepaliveWriter({
    database,
    acceptCheckResults,
    changes,
    logger,
    onSeen: ({ hostId, keepalive }) => deps.logPipelines?.note(hostId, keepalive.logs),
  });
  const { eventStreams, departureGraceMs } = deps;
  const streamsDependencies = { database, streams: eventStreams, configurations, changes, logger, now };
  const streams = createAgentStreams({ ...streamsDependencies, departureGraceMs });
  const checkNow = createCheckNow({ database, audit, now, wake: streams.wake });
  // SQLite has one control plane.
  const board = database.dialect.kind === "sqlite" ? null : createQuestionBoard(database);
  const questions = createAgentQuestions({ database, streams, board, logger, now });
  const probers = createProbersWatch({
    database,
    leases: deps.leases,
    onChanged: () => streams.configurationsChanged(),
    onAssigned: async (hostIds) => void (await mendDeadlines(database, definitions, now(), hostIds)),
    logger,
    now,
  });
  changes.subscribe((type) => {
    if (type === "definitions") probers.forget();
  });
  let watchingProbers: ReturnType<typeof runEvery> | undefined;
  let watching: ReturnType<typeof runEvery> | undefined;
  return {
    checkNow,
    wake: streams.wake,
    ask: questions.ask,
    routes: [
      ...createAgentRoutes({
        database,
        audit,
        changes,
        definitions,
        now,
        planServicesOfHost,
        ...(deps.tellEnrolled === undefined ? {} : { tellEnrolled: deps.tellEnrolled }),
        acceptCheckResults,
        configurations,
        keepalives,
        streams,
        admission: deps.admission ?? defaultAdmission,
      }),
      ...createAgentManagementRoutes({ database, audit, changes, now, dropStream: streams.drop }),
      ...createAgentCommandRoutes({ database, audit, now, wake: streams.wake, checkNow }),
      ...createAgentQuestionRoutes(questions),
      ...createEnrolmentTokenRoutes({ database, audit, changes, now, publicUrl: deps.publicUrl }),
    ],
    authenticate: createAgentAuthenticator({ database, now }),
    connected: streams.connected,
    start() {
      streams.start();
      questions.start();
      const onChanged = () => streams.configurationsChanged();
      const job = createHeldChecksWatch({ database, definitions, onChanged, now });
      watchingProbers = runEvery({ name: "probers", intervalMs: probersIntervalMs, job: probers.look, logger });
      watching = runEvery({ name: "held-checks", intervalMs: heldChecksIntervalMs, job, logger });
    },
    async stop() {
      await watchingProbers?.stop();
      await watching?.stop();
      await questions.stop();
      await streams.stop();
      await keepalives.stop();
    },
  };
}
