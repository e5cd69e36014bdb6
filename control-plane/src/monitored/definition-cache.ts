import { setImmediate } from "node:timers/promises";
import { type CheckPolicy, DEFAULT_FLAPPING } from "@mycloud/checks/state";
import { createTimePeriods, type TimePeriods } from "@mycloud/checks/time-period";
import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { Labels } from "@mycloud/protocol/name";
import { PassiveServiceSettings } from "@mycloud/protocol/service";
import { sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { createDependencyIndex, type DependencyIndex } from "../dependency/dependency-index.ts";
import { findDependencies, findTimePeriods } from "../dependency/store.ts";
import { freshnessOfHost, freshnessOfService } from "../freshness/overdue-after.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { HostSettings } from "../host/host-settings.ts";
import type { ParentGraph } from "../reachability/parent-graph.ts";
import { findParentGraph } from "../reachability/store.ts";
import type { ChangedHost } from "../state-change/state-change-record.ts";
import { chunksOf, idList } from "./id-list.ts";
import {
  effectiveSchedule,
  effectiveSettings,
  isFlapDetectionOn,
  loadRuntimeOverrides,
  type RuntimeOverrides,
} from "./runtime-override.ts";

/** What ingest needs to know of a service, besides its state. */
export interface MonitoredService {
  readonly id: number;
  readonly hostId: number;
  readonly name: string;
  readonly policy: CheckPolicy;
  /** Milliseconds without a result after which it is stale; null = never. */
  readonly overdueAfterMs: number | null;
  readonly settings: MonitoredSettings;
  /** What its check runs; null for a passive service. */
  readonly command: string | null;
}

/** An enabled check that tells whether a host is UP. */
export interface HostCheck {
  readonly name: string;
  readonly command: string;
  readonly checkIntervalSeconds: number;
  readonly checkPeriod: string | null;
}

/** What ingest needs to know of a host, besides its state. */
export interface MonitoredHost extends ChangedHost {
  readonly policy: CheckPolicy;
  /** Milliseconds without keepalive or result after which it is down (agent) or stale; null = never. */
  readonly overdueAfterMs: number | null;
  readonly hasAgent: boolean;
  /** What tells whether it is UP; null where keepalives or results from outside do. */
  readonly hostCheck: HostCheck | null;
  readonly settings: HostSettings;
  readonly servicesByName: ReadonlyMap<string, MonitoredService>;
}

interface DefinitionCacheOptions {
  readonly dialect: Dialect;
  /** When more services than this are held, all is forgotten and read again as needed. */
  readonly maximumServices?: number;
}

/** The command of checks that the control plane computes itself (Shinken: bp_rule). */
export const businessRuleCommand = "bp_rule";

const Groups = z.array(z.string());

/** So many hosts with their services are read in some milliseconds. */
const hostsPerLoad = 20;

/**
 * Hosts and services by name and id, as ingest needs them 20,000 times a second. Filled host by host when first asked for; `forget` it when
 * definitions change. Between another control plane's change and the news of it (a second) it may be behind: a deleted object then
 * still resolves, and its result is refused where its state row is locked.
 */
export class DefinitionCache {
  readonly dialect: Dialect;
  readonly #maximumServices: number;
  #hostsByName = new Map<string, MonitoredHost>();
  #hostsById = new Map<number, MonitoredHost>();
  #servicesById = new Map<number, MonitoredService>();
  #parents: Promise<ParentGraph> | undefined;
  #timePeriods: Promise<TimePeriods> | undefined;
  #dependencies: Promise<DependencyIndex> | undefined;
  #overrides: Promise<RuntimeOverrides> | undefined;
  // One object for all that are set alike, which most are.
  #hostSettings = new Map<string, HostSettings>();
  #serviceSettings = new Map<string, PassiveServiceSettings>();
  // What is read while something changes may be half old: it is used once and not kept.
  #generation = 0;

  constructor({ dialect, maximumServices = 600_000 }: DefinitionCacheOptions) {
    this.dialect = dialect;
    this.#maximumServices = maximumServices;
  }

  forget(): void {
    this.#generation++;
    this.#hostsByName = new Map();
    this.#hostsById = new Map();
    this.#servicesById = new Map();
    this.#parents = undefined;
    this.#timePeriods = undefined;
    this.#dependencies = undefined;
    this.#overrides = undefined;
    this.#hostSettings = new Map();
    this.#serviceSettings = new Map();
  }

  /** Which hosts are reached through which. */
  async parents(executor: Executor): Promise<ParentGraph> {
    this.#parents ??= findParentGraph(executor);
    return await keptUnlessFailed(this.#parents, () => {
      this.#parents = undefined;
    });
  }

  /** The time periods there are. */
  async timePeriods(executor: Executor): Promise<TimePeriods> {
    this.#timePeriods ??= findTimePeriods(executor).then(createTimePeriods);
    return await keptUnlessFailed(this.#timePeriods, () => {
      this.#timePeriods = undefined;
    });
  }

  /** What need not be checked or told of while something else is broken. */
  async dependencies(executor: Executor): Promise<DependencyIndex> {
    this.#dependencies ??= findDependencies(executor).then(createDependencyIndex);
    return await keptUnlessFailed(this.#dependencies, () => {
      this.#dependencies = undefined;
    });
  }

  /** The hosts of these names that exist. */
  async hostsByName(executor: Executor, names: ReadonlySet<string>): Promise<ReadonlyMap<string, MonitoredHost>> {
    const missing = [...names].filter((name) => !this.#hostsByName.has(name));
    const found = new Map<string, MonitoredHost>();
    for (const chunk of chunksOf(missing, 500)) {
      for (const host of await this.#load(executor, sql`host.name in (${sql.join(chunk)})`)) found.set(host.name, host);
    }
    for (const name of names) {
      const host = this.#hostsByName.get(name);
      if (host !== undefined) found.set(name, host);
    }
    return found;
  }

  /** The hosts of these ids that exist, with their services. */
  async hostsById(executor: Executor, ids: ReadonlySet<number>): Promise<ReadonlyMap<number, MonitoredHost>> {
    const found = new Map<number, MonitoredHost>();
    const missing: number[] = [];
    for (const id of ids) {
      const host = this.#hostsById.get(id);
      if (host === undefined) missing.push(id);
      else found.set(id, host);
    }
    for (const [index, chunk] of chunksOf(missing, hostsPerLoad).entries()) {
      const condition = sql`host.id in ${idList(this.dialect, chunk)}`;
      // Reading thousands of hosts is no reason to keep results waiting; in a transaction, resting would.
      if (index > 0 && !executor.isTransaction) await setImmediate();
      for (const host of await this.#load(executor, condition)) found.set(host.id, host);
    }
    return found;
  }

  /** The service, when it is the host's; undefined when it is gone or another's. */
  serviceOf(host: MonitoredHost, serviceId: number): MonitoredService | undefined {
    const service = this.#servicesById.get(serviceId);
    if (service !== undefined) return service.hostId === host.id ? service : undefined;
    for (const own of host.servicesByName.values()) if (own.id === serviceId) return own;
    return undefined;
  }

  /** What operators switched over the definitions; the settings of hosts and services here have it in them. */
  async overrides(executor: Executor): Promise<RuntimeOverrides> {
    this.#overrides ??= loadRuntimeOverrides(executor);
    return await keptUnlessFailed(this.#overrides, () => {
      this.#overrides = undefined;
    });
  }

  async #load(executor: Executor, condition: ReturnType<typeof sql>): Promise<MonitoredHost[]> {
    const generation = this.#generation;
    const hosts = await executor
      .selectFrom("host")
      .select([
        "host.id",
        "host.name",
        "display_name",
        "address",
        "customer",
        "labels_json",
        "facts_json",
        "groups_json",
      ])
      .select(["host.max_check_attempts", "freshness_seconds", "host.settings_json"])
      .select((eb) =>
        eb
          .selectFrom("agent")
          .select((agent) => agent.fn.countAll<number>().as("count"))
          .whereRef("agent.host_id", "=", "host.id")
          .where("agent.revoked_at_ms", "is", null)
          .as("agent_count"),
      )
      .leftJoin("host_check", "host_check.host_id", "host.id")
      .leftJoin("check_definition as told", (join) =>
        join.onRef("told.id", "=", "host_check.check_id").on("told.is_enabled", "=", 1),
      )
      .select(["told.name as check_name", "told.command", "told.check_interval_seconds", "told.timeout_seconds"])
      .select(["told.max_check_attempts as check_attempts", "told.settings_json as check_settings_json"])
      .where(sql<boolean>`${condition}`)
      .execute();
    if (hosts.length === 0) return [];
    const overrides = await this.overrides(executor);
    const services = await this.#loadServices(
      executor,
      hosts.map((host) => host.id),
      overrides,
    );
    const loaded = hosts.map((row): MonitoredHost => {
      const hasAgent = Number(row.agent_count) > 0;
      const own = services.get(row.id) ?? [];
      const defined = keptOnce(this.#hostSettings, row.settings_json, HostSettings);
      const settings = effectiveSettings(defined, overrides, row.id, null);
      const isEnabled = isFlapDetectionOn(settings.flapDetection.isEnabled, overrides, row.id, null);
      const { maxCheckAttempts, checkIntervalSeconds } = effectiveSchedule(
        {
          maxCheckAttempts: row.check_attempts ?? row.max_check_attempts,
          checkIntervalSeconds: row.check_interval_seconds ?? 0,
        },
        overrides,
        row.id,
        null,
      );
      return {
        id: row.id,
        name: row.name,
        displayName: row.display_name,
        address: row.address,
        customer: row.customer,
        labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
        groups: Groups.parse(JSON.parse(row.groups_json)),
        policy: {
          maxCheckAttempts,
          flapping: { ...settings.flapDetection, isEnabled },
        },
        overdueAfterMs: freshnessOfHost({
          hasAgent,
          freshnessSeconds: row.freshness_seconds,
          checkFreshnessMs:
            row.check_interval_seconds === null
              ? null
              : freshnessOfService({
                  isPassive: false,
                  isEnabled:
                    settings.isActiveCheckEnabled && settingsOfCheck(row.check_settings_json).isActiveCheckEnabled,
                  freshnessSeconds: null,
                  checkIntervalSeconds,
                  timeoutSeconds: row.timeout_seconds ?? 0,
                }),
        }),
        hasAgent,
        hostCheck:
          row.check_name === null || row.command === null
            ? null
            : {
                name: row.check_name,
                command: row.command,
                checkIntervalSeconds,
                checkPeriod: settingsOfCheck(row.check_settings_json).checkPeriod,
              },
        settings,
        servicesByName: new Map(own.map((service) => [service.name, service])),
      };
    });
    if (generation === this.#generation) this.#keep(loaded);
    return loaded;
  }

  async #loadServices(
    executor: Executor,
    hostIds: readonly number[],
    overrides: RuntimeOverrides,
  ): Promise<Map<number, MonitoredService[]>> {
    const rows = await executor
      .selectFrom("service")
      .leftJoin("check_definition", "check_definition.id", "service.check_id")
      .select(["service.id", "service.host_id", "service.name", "service.check_id", "service.freshness_seconds"])
      .select("service.max_check_attempts as own_max_check_attempts")
      .select(["check_interval_seconds", "timeout_seconds", "check_definition.max_check_attempts", "is_enabled"])
      .select(["is_flap_detection_enabled", "low_flap_percent", "high_flap_percent", "command"])
      .select(["service.settings_json as own_settings_json", "check_definition.settings_json"])
      .where(sql<boolean>`service.host_id in ${idList(this.dialect, hostIds)}`)
      .execute();
    const byHost = new Map<number, MonitoredService[]>();
    for (const row of rows) {
      const settingsJson = row.settings_json ?? row.own_settings_json ?? "{}";
      const defined = keptOnce(this.#serviceSettings, settingsJson, PassiveServiceSettings);
      const settings = effectiveSettings(defined, overrides, row.host_id, row.id);
      const { maxCheckAttempts, checkIntervalSeconds } = effectiveSchedule(
        {
          maxCheckAttempts: row.max_check_attempts ?? row.own_max_check_attempts,
          checkIntervalSeconds: row.check_interval_seconds ?? 0,
        },
        overrides,
        row.host_id,
        row.id,
      );
      const flapping =
        row.check_id === null
          ? defined.flapDetection
          : {
              isEnabled: row.is_flap_detection_enabled !== 0,
              lowPercent: row.low_flap_percent ?? DEFAULT_FLAPPING.lowPercent,
              highPercent: row.high_flap_percent ?? DEFAULT_FLAPPING.highPercent,
            };
      const service: MonitoredService = {
        id: row.id,
        hostId: row.host_id,
        name: row.name,
        policy: {
          maxCheckAttempts,
          flapping: {
            ...flapping,
            isEnabled: isFlapDetectionOn(flapping.isEnabled, overrides, row.host_id, row.id),
          },
        },
        overdueAfterMs: freshnessOfService({
          isPassive: row.check_id === null,
          isEnabled: row.is_enabled !== 0 && settings.isActiveCheckEnabled && row.command !== businessRuleCommand,
          freshnessSeconds: row.freshness_seconds,
          checkIntervalSeconds,
          timeoutSeconds: row.timeout_seconds ?? 0,
        }),
        settings,
        command: row.command,
      };
      const own = byHost.get(row.host_id);
      if (own === undefined) byHost.set(row.host_id, [service]);
      else own.push(service);
    }
    return byHost;
  }

  #keep(hosts: readonly MonitoredHost[]): void {
    if (this.#servicesById.size > this.#maximumServices) this.forget();
    for (const host of hosts) {
      this.#hostsByName.set(host.name, host);
      this.#hostsById.set(host.id, host);
      for (const service of host.servicesByName.values()) this.#servicesById.set(service.id, service);
    }
  }
}

function settingsOfCheck(settingsJson: string | null): MonitoredSettings {
  return MonitoredSettings.parse(JSON.parse(settingsJson ?? "{}"));
}

/** Settings by the JSON they are stored as, read once. */
function keptOnce<Settings>(
  known: Map<string, Settings>,
  json: string,
  schema: { parse(value: unknown): Settings },
): Settings {
  let settings = known.get(json);
  if (settings === undefined) {
    settings = schema.parse(JSON.parse(json));
    known.set(json, settings);
  }
  return settings;
}

/** What fails to be read is read again when next asked for. */
async function keptUnlessFailed<T>(reading: Promise<T>, forget: () => void): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    forget();
    throw error;
  }
}
