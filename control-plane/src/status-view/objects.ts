import type { RuntimeOverrides } from "../monitored/index.ts";
import { applyCheck, definitionOf, type HostEntry, type ServiceEntry } from "./entry.ts";
import type { LoadedHost, LoadedService } from "./load-definitions.ts";
import type { LoadedComments } from "./load-remarks.ts";
import { turnOfOthers } from "./load-states.ts";
import {
  pendingState,
  type ViewedCheck,
  type ViewedComment,
  type ViewedHost,
  type ViewedService,
  type ViewedState,
} from "./viewed.ts";

const noComments: readonly ViewedComment[] = [];

/** Instants within this of the newest one known may have come twice: such a service is read again. */
const stampToleranceMs = 2000;
/** Not so when they were as old as this at the last reading: longer than transactions take and clocks differ. */
const stampSettledMs = 60_000;
/** So many services are gone through in some milliseconds. */
const servicesPerTurn = 10_000;

/** Reads of definitions on their way into the objects. */
export interface ObjectsUpdate {
  putHost(host: LoadedHost): void;
  /** Ids of services that are new or changed, given the instants of their last changes. */
  changedServices(stamps: ReadonlyMap<number, number>): number[];
  putService(service: LoadedService): void;
  /** Forgets what is gone and sorts what came, a slice at a time. */
  finish(stamps: ReadonlyMap<number, number>): Promise<void>;
}

/** Hosts and services with their states, by id, by name and by group. */
export class Objects {
  readonly #hosts = new Map<number, HostEntry>();
  readonly #services = new Map<number, ServiceEntry>();
  #hostsByName = new Map<string, HostEntry>();
  #hostList: HostEntry[] = [];
  #serviceList: ServiceEntry[] = [];
  #hostGroups: Map<string, HostEntry[]> | undefined;
  #serviceGroups: Map<string, ViewedService[]> | undefined;
  #children: Map<string, HostEntry[]> | undefined;
  #newComers = false;
  /** Whether something came, went or has another name since it was sorted. */
  #isUnsorted = false;
  #lastReadAtMs = Number.NEGATIVE_INFINITY;

  get hosts(): readonly ViewedHost[] {
    return this.#hostList;
  }

  get services(): readonly ViewedService[] {
    return this.#serviceList;
  }

  /** Whether objects came since comments were put. */
  get hasNewComers(): boolean {
    return this.#newComers;
  }

  hostByName(name: string): ViewedHost | undefined {
    return this.#hostsByName.get(name);
  }

  /** By halving: services of a host are sorted, and an index of all names would cost more than it saves. */
  serviceByName(hostName: string, serviceName: string): ViewedService | undefined {
    const services = this.#hostsByName.get(hostName)?.services ?? [];
    let low = 0;
    let high = services.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const service = services[middle];
      if (service === undefined) return undefined;
      if (service.name === serviceName) return service;
      if (service.name < serviceName) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  hostById(id: number): ViewedHost | undefined {
    return this.#hosts.get(id);
  }

  serviceById(id: number): ViewedService | undefined {
    return this.#services.get(id);
  }

  hostGroupNames(): Iterable<string> {
    return this.#groups().keys();
  }

  hostsOfGroup(group: string): readonly ViewedHost[] {
    return this.#groups().get(group) ?? [];
  }

  servicesOfGroup(group: string, groupsOf: (service: ViewedService) => readonly string[]): readonly ViewedService[] {
    this.#serviceGroups ??= groupBy(this.#serviceList, groupsOf);
    return this.#serviceGroups.get(group) ?? [];
  }

  childrenOf({ name }: ViewedHost): readonly ViewedHost[] {
    this.#children ??= groupBy(this.#hostList, (host) => host.settings.parents);
    return this.#children.get(name) ?? [];
  }

  #groups(): Map<string, HostEntry[]> {
    this.#hostGroups ??= groupBy(this.#hostList, (host) => host.groups);
    return this.#hostGroups;
  }

  /** Ids whose state was never read. */
  unreadIds(kind: "host" | "service"): number[] {
    const ids: number[] = [];
    for (const [id, { state }] of kind === "host" ? this.#hosts : this.#services) {
      if (state === pendingState) ids.push(id);
    }
    return ids;
  }

  versionOf(kind: "host" | "service", id: number): number | undefined {
    return (kind === "host" ? this.#hosts : this.#services).get(id)?.state.version;
  }

  putState(kind: "host" | "service", id: number, state: ViewedState): void {
    const entry = kind === "host" ? this.#hosts.get(id) : this.#services.get(id);
    if (entry !== undefined) entry.state = state;
  }

  putComments({ ofHosts, ofServices }: LoadedComments): void {
    for (const host of this.#hosts.values()) host.comments = ofHosts.get(host.id) ?? noComments;
    for (const service of this.#services.values()) service.comments = ofServices.get(service.id) ?? noComments;
    this.#newComers = false;
  }

  acknowledgementIds(): Set<number> {
    const ids = new Set<number>();
    for (const entries of [this.#hosts, this.#services]) {
      for (const { state } of entries.values()) if (state.acknowledgementId !== null) ids.add(state.acknowledgementId);
    }
    return ids;
  }

  /** `nowMs` is when reading starts. */
  startUpdate(checks: ReadonlyMap<number, ViewedCheck>, overrides: RuntimeOverrides, nowMs: number): ObjectsUpdate {
    const seenHosts = new Set<number>();
    let newest = 0;
    for (const { updatedAtMs } of this.#services.values()) newest = Math.max(newest, updatedAtMs);
    const unsettledFromMs = Math.max(newest - stampToleranceMs, this.#lastReadAtMs - stampSettledMs);
    return {
      putHost: (loaded) => {
        seenHosts.add(loaded.id);
        this.#putHost(loaded, checks, overrides);
      },
      changedServices: (stamps) => {
        const isChanged = ([id, stamp]: readonly [number, number]) =>
          stamp >= unsettledFromMs || this.#services.get(id)?.updatedAtMs !== stamp;
        return Array.from(stamps).flatMap((entry) => (isChanged(entry) ? entry[0] : []));
      },
      putService: (loaded) => this.#putService(loaded),
      finish: async (stamps) => {
        this.#removeHostsExcept(seenHosts);
        await this.#finishServices(stamps, checks, overrides);
        this.#hostGroups = undefined;
        this.#serviceGroups = undefined;
        this.#children = undefined;
        if (this.#isUnsorted) await this.#sort();
        this.#lastReadAtMs = nowMs;
      },
    };
  }

  #removeHostsExcept(seen: ReadonlySet<number>): void {
    for (const id of this.#hosts.keys()) {
      if (seen.has(id)) continue;
      this.#hosts.delete(id);
      this.#isUnsorted = true;
    }
  }

  /** Also those that were not read again: what their checks say may have changed. */
  async #finishServices(
    stamps: ReadonlyMap<number, number>,
    checks: ReadonlyMap<number, ViewedCheck>,
    overrides: RuntimeOverrides,
  ): Promise<void> {
    let done = 0;
    for (const [id, service] of this.#services) {
      // A host that is gone has taken its services along.
      if (!stamps.has(id) || !this.#hosts.has(service.host.id)) {
        this.#services.delete(id);
        this.#isUnsorted = true;
      } else {
        applyCheck(service, checks, overrides);
      }
      if (++done % servicesPerTurn === 0) await turnOfOthers();
    }
  }

  #putHost(loaded: LoadedHost, checks: ReadonlyMap<number, ViewedCheck>, overrides: RuntimeOverrides): void {
    const definition = definitionOf(loaded, checks, overrides);
    const known = this.#hosts.get(loaded.id);
    if (known !== undefined) {
      if (known.name !== loaded.name) this.#isUnsorted = true;
      Object.assign(known, definition);
      return;
    }
    this.#newComers = true;
    this.#isUnsorted = true;
    this.#hosts.set(loaded.id, {
      kind: "host",
      ...definition,
      services: [],
      state: pendingState,
      comments: noComments,
    });
  }

  #putService(loaded: LoadedService): void {
    const host = this.#hosts.get(loaded.hostId);
    if (host === undefined) return;
    const own = { ownAttempts: loaded.maxCheckAttempts, ownNotes: loaded.notes, ownSettings: loaded.settings };
    const { id, name, checkId, updatedAtMs, maxCheckAttempts, freshnessSeconds, notes, settings } = loaded;
    const known = this.#services.get(id);
    if (known !== undefined) {
      if (known.name !== name || known.host !== host) this.#isUnsorted = true;
      Object.assign(known, { host, name, checkId, updatedAtMs, freshnessSeconds, ...own });
      return;
    }
    this.#newComers = true;
    this.#isUnsorted = true;
    this.#services.set(id, {
      kind: "service",
      id,
      host,
      name,
      check: null,
      maxCheckAttempts,
      freshnessSeconds,
      notes,
      settings,
      flapDetection: settings.flapDetection,
      state: pendingState,
      comments: noComments,
      checkId,
      updatedAtMs,
      ...own,
    });
  }

  /** Puts all in order beside what is shown, which changes at once at the end. */
  async #sort(): Promise<void> {
    const byHost = new Map<HostEntry, ServiceEntry[]>();
    for (const host of this.#hosts.values()) byHost.set(host, []);
    let done = 0;
    for (const service of this.#services.values()) {
      byHost.get(service.host)?.push(service);
      if (++done % servicesPerTurn === 0) await turnOfOthers();
    }
    for (const services of byHost.values()) {
      services.sort(byName);
      done += services.length;
      if (done < servicesPerTurn) continue;
      done = 0;
      await turnOfOthers();
    }
    this.#isUnsorted = false;
    for (const [host, services] of byHost) host.services = services;
    this.#hostList = [...byHost.keys()].sort(byName);
    this.#hostsByName = new Map(this.#hostList.map((host) => [host.name, host]));
    this.#serviceList = this.#hostList.flatMap((host) => host.services);
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function groupBy<T>(items: readonly T[], groupsOf: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const group of groupsOf(item)) {
      const members = groups.get(group);
      if (members === undefined) groups.set(group, [item]);
      else members.push(item);
    }
  }
  return groups;
}
