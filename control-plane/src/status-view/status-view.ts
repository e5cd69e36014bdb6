import { createTimePeriods } from "@mycloud/checks/time-period";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { objectKeyOf, spanFor } from "../downtime/downtime-effect.ts";
import type { Sealer } from "../sealing/index.ts";
import { Coverage } from "./coverage.ts";
import {
  loadHosts,
  loadServiceStamps,
  loadServices,
  loadViewedDefinitions,
  loadViewedDowntimes,
} from "./load-definitions.ts";
import {
  type LoadedComments,
  loadAcknowledgements,
  loadComments,
  loadToldOfProblems,
  noComments,
  type ToldOfProblem,
} from "./load-remarks.ts";
import { loadHostStates, loadLongOutputs, loadServiceStates, readChangedVersions } from "./load-states.ts";
import { Objects } from "./objects.ts";
import { type Changes, PendingChanges } from "./pending-changes.ts";
import { type FindRuleLeaves, ProblemRoots } from "./problem-roots.ts";
import type {
  ViewedAcknowledgement,
  ViewedContact,
  ViewedDefinitions,
  ViewedDowntime,
  ViewedHost,
  ViewedObject,
  ViewedService,
} from "./viewed.ts";

export interface StatusViewDependencies {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  /** Absent where nothing computes business rules. */
  readonly findRuleLeaves?: FindRuleLeaves;
  readonly now: () => number;
}

/**
 * Everything that is watched, in memory: hosts, services and their states, who would be told, downtimes, comments. For those who ask about
 * thousands of objects at once (Livestatus, exports, reports). `refresh` first, then read; nothing is loaded before the first refresh.
 *
 * After `refresh` it shows what was committed before it was called by this control plane, and up to a second later what another one committed.
 * Only what changed is read again: the change bus names it, and where it does not, stored versions are compared.
 */
export class StatusView {
  readonly #database: ConnectedDatabase;
  readonly #sealer: Sealer;
  readonly #now: () => number;
  readonly #pending = new PendingChanges();
  readonly #unsubscribe: () => void;
  readonly #objects = new Objects();
  readonly #acknowledgements = new Map<number, ViewedAcknowledgement>();
  #running: Promise<void> | undefined;
  #comparedAtMs = 0;
  #comments: LoadedComments = noComments;
  #definitions: ViewedDefinitions = emptyDefinitions;
  #downtimes: readonly ViewedDowntime[] = [];
  #coverage = new Coverage(emptyDefinitions, []);
  readonly #findRuleLeaves: FindRuleLeaves;
  #roots: ProblemRoots;

  constructor({ database, changes, sealer, findRuleLeaves = noRules, now }: StatusViewDependencies) {
    this.#database = database;
    this.#sealer = sealer;
    this.#now = now;
    this.#findRuleLeaves = findRuleLeaves;
    this.#roots = new ProblemRoots(this.#objects, [], findRuleLeaves);
    this.#unsubscribe = changes.subscribe((type, ids) => this.#pending.note(type, ids));
  }

  /** Ends its listening; it then shows what it knew last. */
  close(): void {
    this.#unsubscribe();
  }

  /** Reads what was committed before the call and is not known here yet. Throws what the database throws; call again then. */
  async refresh(): Promise<void> {
    // A run under way may have looked before what we are asked about was committed. One that starts after it sees everything.
    if (this.#running !== undefined) await this.#running.catch(() => undefined);
    if (this.#running !== undefined) return await this.#running;
    this.#noteOthers();
    if (this.#pending.isEmpty) return;
    this.#running = this.#read(this.#pending.take()).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Another control plane says when states change, not that a result came: so versions are compared once a second. */
  #noteOthers(): void {
    if (this.#database.dialect.kind === "sqlite") return;
    const nowMs = this.#now();
    if (Math.abs(nowMs - this.#comparedAtMs) < othersIntervalMs) return;
    this.#comparedAtMs = nowMs;
    this.#pending.note("hosts", null);
    this.#pending.note("services", null);
  }

  /** By name. */
  get hosts(): readonly ViewedHost[] {
    return this.#objects.hosts;
  }

  /** By host's name, then by name. */
  get services(): readonly ViewedService[] {
    return this.#objects.services;
  }

  get definitions(): ViewedDefinitions {
    return this.#definitions;
  }

  hostByName(name: string): ViewedHost | undefined {
    return this.#objects.hostByName(name);
  }

  serviceByName(hostName: string, serviceName: string): ViewedService | undefined {
    return this.#objects.serviceByName(hostName, serviceName);
  }

  hostById(id: number): ViewedHost | undefined {
    return this.#objects.hostById(id);
  }

  serviceById(id: number): ViewedService | undefined {
    return this.#objects.serviceById(id);
  }

  /** Names of the host groups that a host is in or that somebody described, sorted. */
  get hostGroupNames(): readonly string[] {
    const described = this.#definitions.hostGroups.map((group) => group.name);
    return [...new Set([...described, ...this.#objects.hostGroupNames()])].sort();
  }

  hostsOfGroup(group: string): readonly ViewedHost[] {
    return this.#objects.hostsOfGroup(group);
  }

  servicesOfGroup(group: string): readonly ViewedService[] {
    return this.#objects.servicesOfGroup(group, (service) => this.#coverage.serviceGroupsOf(service));
  }

  /** Downtimes that are neither cancelled nor over, by id. */
  get downtimes(): readonly ViewedDowntime[] {
    return this.#downtimes;
  }

  childrenOf(host: ViewedHost): readonly ViewedHost[] {
    return this.#objects.childrenOf(host);
  }

  /** Which rules, downtimes and groups cover an object. */
  get coverage(): Coverage {
    return this.#coverage;
  }

  /** Which problem explains which. */
  get roots(): ProblemRoots {
    return this.#roots;
  }

  /** The downtimes an object is in at an instant. */
  activeDowntimesOf(object: ViewedObject, atMs: number): readonly ViewedDowntime[] {
    const all = this.#coverage.downtimesOf(object);
    if (all.length === 0) return all;
    const key = object.kind === "host" ? objectKeyOf(object.name, null) : objectKeyOf(object.host.name, object.name);
    const isBad = object.state.state !== 0 || object.state.isStale;
    return all.filter((downtime) => spanFor(downtime, key, isBad, atMs) !== null);
  }

  /** The acknowledgement in force. */
  acknowledgementOf({ state }: ViewedObject): ViewedAcknowledgement | undefined {
    return state.acknowledgementId === null ? undefined : this.#acknowledgements.get(state.acknowledgementId);
  }

  contactByName(name: string): ViewedContact | undefined {
    for (const contact of this.#definitions.contacts.values()) if (contact.name === name) return contact;
    return undefined;
  }

  /** The long outputs of objects that have one too long to be kept here, by object. */
  async readLongOutputs(objects: Iterable<ViewedObject>): Promise<ReadonlyMap<ViewedObject, string>> {
    const { db, dialect } = this.#database;
    const wanted = [...objects].filter((object) => object.state.hasMoreOutput);
    const found = new Map<ViewedObject, string>();
    for (const kind of ["host", "service"] as const) {
      const byId = new Map(wanted.filter((object) => object.kind === kind).map((object) => [object.id, object]));
      for (const [id, text] of await loadLongOutputs(db, dialect, kind, [...byId.keys()])) {
        const object = byId.get(id);
        if (object !== undefined) found.set(object, text);
      }
    }
    return found;
  }

  /** How often somebody was told of each open problem, by problem; read from the database each time. */
  async readToldOfProblems(): Promise<ReadonlyMap<number, ToldOfProblem>> {
    return await loadToldOfProblems(this.#database.db);
  }

  async #read(changes: Changes): Promise<void> {
    try {
      if (changes.definitions) await this.#readDefinitions();
      if (changes.downtimes) this.#downtimes = await loadViewedDowntimes(this.#database.db, this.#now());
      if (changes.definitions || changes.downtimes) this.#coverage = new Coverage(this.#definitions, this.#downtimes);
      await this.#readStates("host", changes.hosts);
      await this.#readStates("service", changes.services);
      await this.#readRemarks();
      const periods = createTimePeriods(this.#definitions.timePeriods);
      const isInPeriod = (name: string | null) => periods.isInside(name, this.#now());
      this.#roots = new ProblemRoots(this.#objects, this.#definitions.dependencies, this.#findRuleLeaves, isInPeriod);
    } catch (error) {
      this.#pending.putBack(changes);
      throw error;
    }
  }

  async #readDefinitions(): Promise<void> {
    const { db, dialect } = this.#database;
    const startedAtMs = this.#now();
    const definitions = await loadViewedDefinitions(db, this.#sealer);
    const update = this.#objects.startUpdate(definitions.checks, definitions.overrides, startedAtMs);
    for await (const host of loadHosts(db)) update.putHost(host);
    const stamps = await loadServiceStamps(db);
    const changed = update.changedServices(stamps);
    for await (const service of loadServices(db, dialect, changed)) update.putService(service);
    await update.finish(stamps);
    this.#definitions = definitions;
  }

  async #readStates(kind: "host" | "service", changed: Changes["hosts"]): Promise<void> {
    const { db, dialect } = this.#database;
    const objects = this.#objects;
    const ids = new Set(changed === "all" ? objects.unreadIds(kind) : [...changed, ...objects.unreadIds(kind)]);
    if (changed === "all") {
      for (const id of await readChangedVersions(db, `${kind}_state`, (id) => objects.versionOf(kind, id))) ids.add(id);
    }
    if (ids.size === 0) return;
    const load = kind === "host" ? loadHostStates : loadServiceStates;
    await load(db, dialect, [...ids], (id, state) => objects.putState(kind, id, state));
  }

  async #readRemarks(): Promise<void> {
    const { db, dialect } = this.#database;
    const comments = await loadComments(db, this.#comments);
    if (comments !== this.#comments || this.#objects.hasNewComers) {
      this.#objects.putComments(comments);
      this.#comments = comments;
    }
    const inForce = this.#objects.acknowledgementIds();
    for (const id of this.#acknowledgements.keys()) if (!inForce.has(id)) this.#acknowledgements.delete(id);
    for (const found of await loadAcknowledgements(db, dialect, [...inForce]))
      this.#acknowledgements.set(found.id, found);
  }
}

/** How far behind other control planes it may be. SQLite has one. */
const othersIntervalMs = 1000;

const noRules: FindRuleLeaves = () => ({ hostIds: [], serviceIds: [] });

const emptyDefinitions: ViewedDefinitions = {
  overrides: { program: {}, hosts: new Map(), services: new Map(), contacts: new Map() },
  checks: new Map(),
  contacts: new Map(),
  rules: [],
  timePeriods: [],
  dependencies: [],
  hostGroups: [],
  serviceGroups: [],
  contactGroups: [],
  eventHandlers: [],
};
