import { z } from "zod";
import { BackupJob } from "../backup-policy/index.ts";
import { AgentCheckResult } from "../check-result/index.ts";
import { HostAddress } from "../host/index.ts";
import { MetricsEndpoint, MetricsJob } from "../host-metrics/index.ts";
import { LogJobs, LogPipelineReport } from "../log-source/index.ts";
import { HostName, Labels, ResourceName } from "../name/index.ts";
import { SnmpDevice } from "../snmp/index.ts";
import { TimePeriodInput } from "../time-period/index.ts";

/** The audience of agents' tokens. */
export const agentAudience = "mycloud-control-plane";
/** An agent's EdDSA JWT is valid this long (`exp - iat`); `iss` and header `kid` are the agent's id. */
export const agentTokenLifetimeSeconds = 60;

/** An Ed25519 public key as JWK (RFC 8037). */
export const AgentPublicKey = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().length(43) });
export type AgentPublicKey = z.infer<typeof AgentPublicKey>;

/** POST /api/v1/agent/enrol, authorised by the one-time token inside. */
export const EnrolRequest = z.object({
  token: z.string().min(1).max(256),
  hostName: HostName,
  address: HostAddress.nullable().default(null),
  /** Facts that become labels where the operator set none: os, distribution, architecture, init, kernel. */
  facts: Labels.default({}),
  agentVersion: z.string().max(64),
  publicKey: AgentPublicKey,
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;

export const EnrolAnswer = z.object({ agentId: z.string(), hostId: z.number().int(), hostName: z.string() });
export type EnrolAnswer = z.infer<typeof EnrolAnswer>;

/** One check the agent has to run. Macros are already replaced. */
export const ScheduledCheck = z.object({
  /** Null for a host check: what tells whether the host itself is UP. */
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
  /** The host it is of. Left out for services of the agent's own host. */
  hostId: z.number().int().optional(),
  hostName: z.string().optional(),
  command: z.string(),
  arguments: z.array(z.string()),
  checkIntervalSeconds: z.number(),
  retryIntervalSeconds: z.number(),
  maxCheckAttempts: z.number().int(),
  timeoutSeconds: z.number(),
  /** The time period in which it runs; always when null or left out. */
  checkPeriod: ResourceName.nullable().optional(),
});
export type ScheduledCheck = z.infer<typeof ScheduledCheck>;

/** GET /api/v1/agent/configuration; its hash is the ETag (If-None-Match answers 304). */
export const AgentConfiguration = z.object({
  hostId: z.number().int(),
  hostName: z.string(),
  keepaliveIntervalSeconds: z.number(),
  checks: z.array(ScheduledCheck),
  /** Services whose checks do not run for now, because something they depend on is broken. Somebody may still ask for one. */
  heldServiceIds: z.array(z.number().int()).optional(),
  /** Hosts whose host checks do not run for now, for the same reason. */
  heldHostIds: z.array(z.number().int()).optional(),
  /** The periods that checks name, and those they exclude. */
  timePeriods: z.array(TimePeriodInput).optional(),
  /** What of this host is backed up. */
  backupJobs: z.array(BackupJob).optional(),
  /** What of this host's logs is read, and where it goes. */
  logs: LogJobs.optional(),
  /** What becomes of this host's metrics. Left out: they are not pushed. */
  metrics: MetricsJob.optional(),
  /** The devices that this agent probes and how they are asked: of them only, and of those with an address. */
  snmpDevices: z.array(SnmpDevice).optional(),
});
export type AgentConfiguration = z.infer<typeof AgentConfiguration>;

/** POST /api/v1/agent/check-results. `batchId` (UUID) makes it idempotent: a batch is stored once, however often it arrives. */
export const AgentResultBatch = z.object({
  batchId: z.uuid(),
  results: z.array(AgentCheckResult).max(5000),
});
export type AgentResultBatch = z.infer<typeof AgentResultBatch>;

/** Answer once durable. Results for services that are gone, or of hosts that this agent neither runs on nor probes, are dropped and counted. */
export const AgentResultAnswer = z.object({
  accepted: z.number().int(),
  dropped: z.number().int(),
  isDuplicate: z.boolean(),
});
export type AgentResultAnswer = z.infer<typeof AgentResultAnswer>;

/** POST /api/v1/agent/keepalive. */
export const Keepalive = z.object({
  agentVersion: z.string().max(64),
  startedAtMs: z.number().int(),
  sentAtMs: z.number().int(),
  configurationEtag: z.string().max(128).nullable(),
  spooledBatches: z.number().int(),
  spooledBytes: z.number().int(),
  droppedResults: z.number().int(),
  rejectedBatches: z.number().int(),
  /** Whether the host's policy allows to look at other hosts. Left out: yes. */
  mayProbe: z.boolean().optional(),
  /** How far the host's policy lets files of the live machine be managed through it. Left out: this agent cannot. */
  liveFiles: z.enum(["none", "read", "change"]).optional(),
  /** Repositories whose backups are paused on the host. Left out: this agent does not tell. */
  pausedBackups: z.array(z.number().int()).max(1000).optional(),
  /** Where this agent answers scrapes. Null: nowhere that others reach; left out: this agent cannot. */
  metrics: MetricsEndpoint.nullable().optional(),
  /** How the logs of this host get on. Left out: they are not read. */
  logs: LogPipelineReport.optional(),
  /**
   * Addresses of the host that others may reach it by, for the name service. Null: the host's policy does not let it register; left out: this agent
   * cannot tell.
   */
  addresses: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .max(64)
    .nullable()
    .optional(),
  facts: Labels.optional(),
});
export type Keepalive = z.infer<typeof Keepalive>;

export const KeepaliveAnswer = z.object({
  /** The control plane's clock, so that the agent can measure its own offset. */
  receivedAtMs: z.number().int(),
  configurationEtag: z.string(),
});
export type KeepaliveAnswer = z.infer<typeof KeepaliveAnswer>;
