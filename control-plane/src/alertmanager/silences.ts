import type { SilenceState } from "@mycloud/protocol/alert";
import type { Logger } from "pino";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { cancelDowntime, changeDowntime } from "../downtime/store.ts";
import { ConflictError, InputError, NotFoundError } from "../error/index.ts";
import { type Actor, systemActor } from "../http/actor.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { authorOf, type Operator } from "../operation/operator.ts";
import type { Scope } from "../scope/index.ts";
import type { AlertObject } from "./alert-object.ts";
import type { StoredAlert } from "./alert-store.ts";
import { carryOut, downtimeInput } from "./carry-out-silence.ts";
import { directSelector } from "./direct-selector.ts";
import { followAlerts } from "./follow-alerts.ts";
import { loadObjects, type WhichObjects } from "./load-objects.ts";
import type { Matcher } from "./matcher.ts";
import { planCover } from "./plan-cover.ts";
import {
  changeSilence,
  findDowntimesOf,
  findOpenMatchers,
  findOpenSilences,
  findSilence,
  findSilences,
  insertSilence,
  type KnownSilence,
} from "./silence-store.ts";

export interface SilencesDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly now: () => number;
}

/** A silence as somebody wants it; instants in ms UTC. */
export interface WantedSilence {
  readonly id: string | null;
  readonly matchers: readonly Matcher[];
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly comment: string;
  readonly createdBy: string;
}

/** Silences: downtimes by matchers. Each call is one transaction with its audit. */
export interface Silences {
  list(scope: Scope): Promise<KnownSilence[]>;
  /** Throws NotFoundError. */
  find(scope: Scope, id: string): Promise<KnownSilence>;
  /**
   * Makes a silence, or changes the one of that id; where that is over, or another in its matchers or past, it ends and a new one begins. Answers the id.
   * Throws InputError for what downtimes cannot say exactly, NotFoundError.
   */
  set(operator: Operator, wanted: WantedSilence): Promise<string>;
  /** Ends one. Throws NotFoundError, or ConflictError when it is over. */
  expire(operator: Operator, id: string): Promise<void>;
  /** Makes the downtimes of open silences what they should be, after objects changed. Reads every object where a silence is about more than names. */
  follow(): Promise<void>;
  /** The same where only alerts began to fire: reads no more than the alerts of their hosts, and nothing where no silence means them. */
  followAlerts(begun: readonly StoredAlert[]): Promise<void>;
}

/** Where a silence stands at an instant. Pure. */
export function silenceState({ startAtMs, endAtMs, expiredAtMs }: KnownSilence, nowMs: number): SilenceState {
  if (expiredAtMs !== null || endAtMs <= nowMs) return "expired";
  return startAtMs <= nowMs ? "active" : "pending";
}

export function createSilences(dependencies: SilencesDependencies): Silences {
  const { database, audit, changes, logger, newId, now } = dependencies;

  async function existing(executor: Executor, scope: Scope, id: string): Promise<KnownSilence> {
    const silence = await findSilence(executor, scope, id);
    if (silence === null) throw new NotFoundError(`silence ${id} not found`);
    return silence;
  }

  async function set(
    tx: Executor,
    operator: Operator,
    wanted: WantedSilence,
    objects: readonly AlertObject[],
  ): Promise<string> {
    const nowMs = now();
    const before = wanted.id === null ? null : await existing(tx, operator.scope, wanted.id);
    if (before !== null && isSame(before, wanted, nowMs)) {
      await change(tx, operator.actor, before, wanted, nowMs);
      return before.id;
    }
    const silence: KnownSilence = {
      id: newId(),
      matchers: wanted.matchers,
      startAtMs: Math.max(wanted.startAtMs, nowMs),
      endAtMs: wanted.endAtMs,
      comment: wanted.comment,
      authorName: authorOf(operator, wanted.createdBy),
      customer: operator.scope.kind === "customer" ? operator.scope.customer : null,
      expiredAtMs: null,
      updatedAtMs: nowMs,
      downtimeId: null,
      isFlexible: false,
    };
    const cover = planCover(silence.matchers, objects);
    if (cover.fault !== null) throw new InputError(cover.fault);
    if (before !== null && silenceState(before, nowMs) !== "expired") await end(tx, operator.actor, before, nowMs);
    await insertSilence(tx, silence);
    await audit.record(tx, { ...auditOf(operator.actor, silence), action: "silence.create", after: silence });
    await carryOut(tx, audit, operator, silence, cover, nowMs);
    return silence.id;
  }

  async function change(
    tx: Executor,
    actor: Actor,
    before: KnownSilence,
    wanted: WantedSilence,
    nowMs: number,
  ): Promise<void> {
    if (before.isFlexible) throw new InputError(`silence ${before.id} is a flexible downtime; end it and plan another`);
    const after = {
      ...before,
      startAtMs: silenceState(before, nowMs) === "active" ? before.startAtMs : Math.max(wanted.startAtMs, nowMs),
      endAtMs: wanted.endAtMs,
      comment: wanted.comment,
      authorName: wanted.createdBy === "" ? before.authorName : wanted.createdBy,
      updatedAtMs: nowMs,
    };
    const ids = before.downtimeId === null ? await findDowntimesOf(tx, before.id) : [{ downtimeId: before.downtimeId }];
    const { startAtMs, endAtMs, comment, authorName } = downtimeInput(after, {}, nowMs, after.authorName);
    for (const { downtimeId } of ids) {
      const start = silenceState(before, nowMs) === "active" ? {} : { startAtMs };
      await changeDowntime(tx, downtimeId, { ...start, endAtMs, comment, authorName });
    }
    if (before.downtimeId === null) await changeSilence(tx, after);
    await audit.record(tx, { ...auditOf(actor, after), action: "silence.update", before, after });
  }

  /** Ends a silence, and with it its downtimes. */
  async function end(tx: Executor, actor: Actor, silence: KnownSilence, nowMs: number): Promise<void> {
    if (silence.downtimeId === null) {
      for (const { downtimeId } of await findDowntimesOf(tx, silence.id)) await cancelDowntime(tx, downtimeId, nowMs);
      await changeSilence(tx, { ...silence, expiredAtMs: nowMs, updatedAtMs: nowMs });
    } else {
      await cancelDowntime(tx, silence.downtimeId, nowMs);
    }
    await audit.record(tx, { ...auditOf(actor, silence), action: "silence.expire", before: silence });
  }

  /** Makes one open silence's downtimes what they should be; true when they were not. */
  async function followOne(
    tx: Executor,
    silence: KnownSilence,
    all: readonly AlertObject[],
    which: WhichObjects,
    nowMs: number,
  ): Promise<boolean> {
    // Somebody cancelled its downtime: it is over.
    if (silence.expiredAtMs !== null) {
      await end(tx, systemActor, silence, nowMs);
      return true;
    }
    // One that was made while we read, and about more than that: whoever made it has carried it out.
    if (which === "with-alerts" && objectsFor([silence.matchers]) === "all") return false;
    const { customer } = silence;
    const own = customer === null ? all : all.filter(({ host }) => host.customer === customer);
    const cover = planCover(silence.matchers, own);
    if (cover.fault !== null) logger.debug({ silence: silence.id, fault: cover.fault }, "silence covers less");
    const scope: Scope = customer === null ? { kind: "all" } : { kind: "customer", customer };
    return await carryOut(tx, audit, { actor: systemActor, scope }, silence, cover, nowMs);
  }

  return {
    list: (scope) => findSilences(database.db, scope, now()),
    find: (scope, id) => existing(database.db, scope, id),

    async set(operator, wanted) {
      // Read before: the transaction keeps others waiting. What is added meanwhile is followed afterwards.
      const objects = await loadObjects(database.db, operator.scope, objectsFor([wanted.matchers]));
      const id = await database.transaction((tx) => set(tx, operator, wanted, objects));
      changes.publish("definitions", null);
      return id;
    },

    async expire(operator, id) {
      await database.transaction(async (tx) => {
        const silence = await existing(tx, operator.scope, id);
        const state = silenceState(silence, now());
        if (state === "expired") throw new ConflictError(`silence ${id} already expired`);
        await end(tx, operator.actor, silence, now());
      });
      changes.publish("definitions", null);
    },

    async follow() {
      const open = await findOpenMatchers(database.db, now());
      if (open.length === 0) return;
      const which = objectsFor(open);
      const all = await loadObjects(database.db, { kind: "all" }, which);
      const hasChanged = await database.transaction(async (tx) => {
        const nowMs = now();
        const silences = await findOpenSilences(tx, database.dialect, nowMs);
        let changed = false;
        for (const silence of silences) if (await followOne(tx, silence, all, which, nowMs)) changed = true;
        return changed;
      });
      if (hasChanged) changes.publish("definitions", null);
    },

    followAlerts: (begun) => followAlerts(dependencies, begun),
  };
}

/** Whether a silence can be changed into the wanted one, as Alertmanager has it: what has been is not rewritten. */
function isSame(before: KnownSilence, wanted: WantedSilence, nowMs: number): boolean {
  const state = silenceState(before, nowMs);
  if (state === "expired" || canonical(before.matchers) !== canonical(wanted.matchers)) return false;
  // Instants come back as they were answered, in milliseconds.
  return state === "pending" || Math.abs(wanted.startAtMs - before.startAtMs) < 1000;
}

function canonical(matchers: readonly Matcher[]): string {
  const lines = matchers.map(({ name, value, isRegex, isEqual }) => JSON.stringify([name, value, isRegex, isEqual]));
  return lines.sort().join("\n");
}

function auditOf(actor: Actor, silence: KnownSilence) {
  return { actor, resourceKind: "silence", resourceId: silence.id, resourceName: silence.comment };
}

/**
 * The objects that have to be known to carry silences out. What matchers say as one selector covers everything that is monitored here by
 * itself, so that only what alerts were sent for has to be looked at. Pure.
 */
function objectsFor(silences: readonly (readonly Matcher[])[]): WhichObjects {
  return silences.every((matchers) => directSelector(matchers) !== null) ? "with-alerts" : "all";
}
