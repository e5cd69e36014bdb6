import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { AgentConfiguration, ScheduledCheck } from "@mycloud/protocol/agent";
import type { BackupJob } from "@mycloud/protocol/backup-policy";
import type { MetricsJob } from "@mycloud/protocol/host-metrics";
import type { LogJobs } from "@mycloud/protocol/log-source";
import type { SnmpDevice } from "@mycloud/protocol/snmp";
import type { TimePeriodInput } from "@mycloud/protocol/time-period";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { type HeldChecks, noHeldChecks } from "../dependency/find-held-checks.ts";
import { keepaliveIntervalOf } from "../freshness/overdue-after.ts";
import { findProbedBy } from "../prober/store.ts";
import { replaceMacros } from "./replace-macros.ts";
import { type ConfiguredChecks, type ConfiguredHost, findConfiguredHosts } from "./store.ts";

/** A configuration and the ETag that stands for it. */
export interface TaggedConfiguration {
  readonly etag: string;
  readonly configuration: AgentConfiguration;
}

/** What each host's agent has to run, kept until definitions change. */
export interface ConfigurationSource {
  /** Undefined when the host is gone. */
  find(hostId: number): Promise<TaggedConfiguration | undefined>;
  /** As `find` for many hosts, in few queries. Answers ETags only: the configurations are read when they are asked for. */
  findEtags(hostIds: readonly number[]): Promise<ReadonlyMap<number, string>>;
  forget(): void;
}

const maximumCached = 5_000;
const maximumNewest = 100;
/** Working out what so many hosts have to run takes a few milliseconds. */
const hostsPerQuery = 20;

/** What a configuration says besides the checks as they are defined. */
export interface ConfigurationFacts {
  /** Of these hosts and their services, those whose checks are held back now. */
  readonly findHeldChecks: (hostIds: readonly number[]) => Promise<HeldChecks>;
  /** Every time period by name. */
  readonly findTimePeriods: () => Promise<readonly TimePeriodInput[]>;
  /** What is backed up of these hosts, by host. */
  readonly findBackupJobs: (hostIds: readonly number[]) => Promise<ReadonlyMap<number, readonly BackupJob[]>>;
  /** What logs of these hosts are read, by host. */
  readonly findLogJobs: (hostIds: readonly number[]) => Promise<ReadonlyMap<number, LogJobs>>;
  /** How these hosts, which others probe, are asked by SNMP. Left out: not at all. */
  readonly findSnmpDevices?: (hostIds: readonly number[]) => Promise<ReadonlyMap<number, SnmpDevice>>;
  /** What becomes of the metrics of these hosts, by host. Left out: nothing. */
  readonly findMetricsJobs?: (hostIds: readonly number[]) => Promise<ReadonlyMap<number, MetricsJob>>;
}

/** Makes a source that has read nothing yet. */
export function createConfigurationSource(database: ConnectedDatabase, facts: ConfigurationFacts): ConfigurationSource {
  let etags = new Map<number, string>();
  let checks: ConfiguredChecks = new Map();
  // Agents come for their configuration right after they were told of it: the newest are still there then.
  let newest = new Map<number, TaggedConfiguration>();
  // What was read while something changed is used once and not kept.
  let generation = 0;

  async function load(hostIds: readonly number[]): Promise<Map<number, TaggedConfiguration>> {
    const readIn = generation;
    const found = new Map<number, TaggedConfiguration>();
    const probedBy = await findProbedBy(database, hostIds);
    const all = [...new Set([...hostIds, ...[...probedBy.values()].flat()])];
    const hosts = await findConfiguredHosts(database.db, database.dialect, all, checks);
    const held = await facts.findHeldChecks(all);
    const needsPeriods = [...hosts.values()].some((host) => host.checks.some(({ checkPeriod }) => checkPeriod));
    const periods = needsPeriods ? await facts.findTimePeriods() : [];
    const backupJobs = await facts.findBackupJobs(hostIds);
    const logJobs = await facts.findLogJobs(hostIds);
    const devices = await facts.findSnmpDevices?.([...new Set([...probedBy.values()].flat())]);
    const metricsJobs = await facts.findMetricsJobs?.(hostIds);
    for (const hostId of hostIds) {
      const host = hosts.get(hostId);
      if (host === undefined) continue;
      const probed = (probedBy.get(hostId) ?? []).flatMap((id) => hosts.get(id) ?? []);
      const tagged = tag(
        configurationOf(
          host,
          held,
          periods,
          probed,
          backupJobs.get(hostId),
          logJobs.get(hostId),
          metricsJobs?.get(hostId),
          probed.flatMap(({ id }) => devices?.get(id) ?? []),
        ),
      );
      found.set(host.id, tagged);
      if (readIn !== generation) continue;
      if (etags.size >= maximumCached) etags.clear();
      etags.set(host.id, tagged.etag);
      newest.delete(host.id);
      newest.set(host.id, tagged);
      const [oldest] = newest.keys();
      if (newest.size > maximumNewest && oldest !== undefined) newest.delete(oldest);
    }
    return found;
  }

  return {
    find: async (hostId) => newest.get(hostId) ?? (await load([hostId])).get(hostId),
    async findEtags(hostIds) {
      const known = etags;
      const answer = new Map<number, string>();
      const missing: number[] = [];
      for (const hostId of hostIds) {
        const etag = known.get(hostId);
        if (etag === undefined) missing.push(hostId);
        else answer.set(hostId, etag);
      }
      for (let at = 0; at < missing.length; at += hostsPerQuery) {
        if (at > 0) await setImmediate();
        for (const [hostId, { etag }] of await load(missing.slice(at, at + hostsPerQuery))) answer.set(hostId, etag);
      }
      return answer;
    },
    forget() {
      generation++;
      etags = new Map();
      checks = new Map();
      newest = new Map();
    },
  };
}

/** A host's configuration with macros replaced, held checks and the periods it needs; and the checks of the hosts that it probes. Pure. */
export function configurationOf(
  host: ConfiguredHost,
  held: HeldChecks = noHeldChecks,
  periods: readonly TimePeriodInput[] = [],
  probed: readonly ConfiguredHost[] = [],
  backupJobs: readonly BackupJob[] = [],
  logs: LogJobs | undefined = undefined,
  metrics: MetricsJob | undefined = undefined,
  snmpDevices: readonly SnmpDevice[] = [],
): AgentConfiguration {
  const checks = [
    ...checksOf(host),
    ...probed.flatMap((other) =>
      checksOf(other).map((check) => ({ ...check, hostId: other.id, hostName: other.name })),
    ),
  ];
  const heldServiceIds = checks.flatMap(({ serviceId }) =>
    serviceId !== null && held.serviceIds.has(serviceId) ? serviceId : [],
  );
  const heldHostIds = checks.flatMap(({ serviceId, hostId }) =>
    serviceId === null && hostId !== undefined && held.hostIds.has(hostId) ? hostId : [],
  );
  const timePeriods = periodsOf(checks, periods);
  return {
    hostId: host.id,
    hostName: host.name,
    keepaliveIntervalSeconds: keepaliveIntervalOf(host.freshnessSeconds),
    checks,
    ...(heldServiceIds.length > 0 ? { heldServiceIds } : {}),
    ...(heldHostIds.length > 0 ? { heldHostIds } : {}),
    ...(timePeriods.length > 0 ? { timePeriods } : {}),
    ...(backupJobs.length > 0 ? { backupJobs: [...backupJobs] } : {}),
    ...(logs === undefined ? {} : { logs }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(snmpDevices.length > 0 ? { snmpDevices: [...snmpDevices] } : {}),
  };
}

/** A host's checks, with macros replaced by what is the host's own, whoever runs them. */
function checksOf(host: ConfiguredHost): ScheduledCheck[] {
  return host.checks.map((check) => ({
    ...check,
    arguments: check.arguments.map((argument) => replaceMacros(argument, host)),
  }));
}

/** The periods of checks, with those that they exclude. */
function periodsOf(checks: readonly ScheduledCheck[], periods: readonly TimePeriodInput[]): TimePeriodInput[] {
  const byName = new Map(periods.map((period) => [period.name, period]));
  const wanted = new Set<TimePeriodInput>();
  const names = checks.flatMap(({ checkPeriod }) => checkPeriod ?? []);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const period = byName.get(name);
    if (period === undefined || wanted.has(period)) continue;
    wanted.add(period);
    names.push(...period.exclude);
  }
  return [...wanted].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function tag(configuration: AgentConfiguration): TaggedConfiguration {
  const hash = createHash("sha256").update(JSON.stringify(configuration)).digest("base64url").slice(0, 27);
  return { etag: `"${hash}"`, configuration };
}
