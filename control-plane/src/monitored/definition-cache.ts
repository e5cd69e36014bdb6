import { setImmediate } from "node:timers/promises";
import { createTimePeriods, type TimePeriods } from "@mycloud/checks/time-period";
import { type RawBuilder, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { createDependencyIndex, type DependencyIndex } from "../dependency/dependency-index.ts";
import { findDependencies, findTimePeriods } from "../dependency/store.ts";
import type { ParentGraph } from "../reachability/parent-graph.ts";
import { findParentGraph } from "../reachability/store.ts";
import { chunksOf, idList } from "./id-list.ts";
import { MonitoredLoader } from "./load-monitored.ts";
import type { MonitoredHost, MonitoredService } from "./monitored-object.ts";
import { loadRuntimeOverrides, type RuntimeOverrides } from "./runtime-override.ts";

interface DefinitionCacheOptions {
  readonly dialect: Dialect;
  /** When more services than this are held, all is forgotten and read again as needed. */
  readonly maximumServices?: number;
}

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
  readonly #loader: MonitoredLoader;
  // What is read while something changes may be half old: it is used once and not kept.
  #generation = 0;

  constructor({ dialect, maximumServices = 600_000 }: DefinitionCacheOptions) {
    this.dialect = dialect;
    this.#loader = new MonitoredLoader(dialect);
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
    this.#loader.forget();
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

  async #load(executor: Executor, condition: RawBuilder<unknown>): Promise<MonitoredHost[]> {
    const generation = this.#generation;
    const loaded = await this.#loader.load(executor, condition, () => this.overrides(executor));
    if (generation === this.#generation) this.#keep(loaded);
    return loaded;
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

/** What fails to be read is read again when next asked for. */
async function keptUnlessFailed<T>(reading: Promise<T>, forget: () => void): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    forget();
    throw error;
  }
}
