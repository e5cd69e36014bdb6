import { effectiveSchedule, effectiveSettings, type RuntimeOverrides } from "../monitored/index.ts";
import type { LoadedHost, LoadedService } from "./load-definitions.ts";
import type { LoadedComments } from "./load-remarks.ts";
import {
  pendingState,
  type ViewedCheck,
  type ViewedComment,
  type ViewedHost,
  type ViewedService,
  type ViewedState,
} from "./viewed.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface HostEntry extends Mutable<Omit<ViewedHost, "services">> {
  services: ServiceEntry[];
  checkId: number | null;
}

interface ServiceEntry extends Mutable<Omit<ViewedService, "host">> {
  host: HostEntry;
  checkId: number | null;
  updatedAtMs: number;
  ownAttempts: number;
  ownNotes: string;
  ownSettings: ViewedService["settings"];
}

const noComments: readonly ViewedComment[] = [];

/** Instants within this of the newest one known may have come twice: such a service is read again. */
const stampToleranceMs = 2000;

/** Reads of definitions on their way into the objects. */
export interface ObjectsUpdate {
  putHost(host: LoadedHost): void;
  /** Ids of services that are new or changed, given the instants of their last changes. */
  changedServices(stamps: ReadonlyMap<number, number>): number[];
  putService(service: LoadedService): void;
  /** Forgets what is gone and sorts what came. */
  finish(stamps: ReadonlyMap<number, number>): void;
}

/** Hosts and services with their states, by id, by name and by group. */
export class Objects {
  readonly #hosts = new Map<number, HostEntry>();
  readonly #services = new Map<number, ServiceEntry>();
  readonly #hostsByName = new Map<string, HostEntry>();
  #hostList: HostEntry[] = [];
  #serviceList: ServiceEntry[] = [];
  #hostGroups: Map<string, HostEntry[]> | undefined;
  #serviceGroups: Map<string, ViewedService[]> | undefined;
  #children: Map<string, HostEntry[]> | undefined;
  #newComers = false;

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

  startUpdate(checks: ReadonlyMap<number, ViewedCheck>, overrides: RuntimeOverrides): ObjectsUpdate {
    const seenHosts = new Set<number>();
    let newest = 0;
    for (const { updatedAtMs } of this.#services.values()) newest = Math.max(newest, updatedAtMs);
    return {
      putHost: (loaded) => {
        seenHosts.add(loaded.id);
        this.#putHost(loaded);
      },
      changedServices: (stamps) =>
        [...stamps]
          .filter(([id, stamp]) => stamp >= newest - stampToleranceMs || this.#services.get(id)?.updatedAtMs !== stamp)
          .map(([id]) => id),
      putService: (loaded) => this.#putService(loaded),
      finish: (stamps) => {
        for (const id of this.#hosts.keys()) if (!seenHosts.has(id)) this.#hosts.delete(id);
        for (const [id, service] of this.#services) {
          // A host that is gone has taken its services along.
          if (!stamps.has(id) || !this.#hosts.has(service.host.id)) this.#services.delete(id);
        }
        for (const host of this.#hosts.values()) {
          host.settings = effectiveSettings(host.settings, overrides, host.id, null);
          const check = host.checkId === null ? undefined : checks.get(host.checkId);
          host.check = check?.isEnabled ? effectiveSchedule(check, overrides, host.id, null) : null;
          const maxCheckAttempts = host.check?.maxCheckAttempts ?? host.maxCheckAttempts;
          host.maxCheckAttempts = effectiveSchedule({ maxCheckAttempts }, overrides, host.id, null).maxCheckAttempts;
        }
        for (const service of this.#services.values()) {
          applyCheck(service, checks);
          const [hostId, serviceId] = [service.host.id, service.id];
          service.settings = effectiveSettings(service.settings, overrides, hostId, serviceId);
          if (service.check !== null) service.check = effectiveSchedule(service.check, overrides, hostId, serviceId);
          service.maxCheckAttempts = effectiveSchedule(
            { maxCheckAttempts: service.maxCheckAttempts },
            overrides,
            hostId,
            serviceId,
          ).maxCheckAttempts;
        }
        this.#sort();
      },
    };
  }

  #putHost(loaded: LoadedHost): void {
    const known = this.#hosts.get(loaded.id);
    if (known !== undefined) {
      Object.assign(known, loaded);
      return;
    }
    this.#newComers = true;
    this.#hosts.set(loaded.id, {
      kind: "host",
      ...loaded,
      check: null,
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
      Object.assign(known, { host, name, checkId, updatedAtMs, freshnessSeconds, ...own });
      return;
    }
    this.#newComers = true;
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
      state: pendingState,
      comments: noComments,
      checkId,
      updatedAtMs,
      ...own,
    });
  }

  #sort(): void {
    this.#hostGroups = undefined;
    this.#serviceGroups = undefined;
    this.#children = undefined;
    this.#hostList = [...this.#hosts.values()].sort(byName);
    this.#hostsByName.clear();
    for (const host of this.#hostList) {
      host.services = [];
      this.#hostsByName.set(host.name, host);
    }
    for (const service of this.#services.values()) service.host.services.push(service);
    for (const host of this.#hostList) host.services.sort(byName);
    this.#serviceList = this.#hostList.flatMap((host) => host.services);
  }
}

/** What a check says goes for its services. */
function applyCheck(service: ServiceEntry, checks: ReadonlyMap<number, ViewedCheck>): void {
  const check = service.checkId === null ? undefined : checks.get(service.checkId);
  service.check = check ?? null;
  service.maxCheckAttempts = check?.maxCheckAttempts ?? service.ownAttempts;
  service.notes = check?.notes ?? service.ownNotes;
  service.settings = check?.settings ?? service.ownSettings;
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
