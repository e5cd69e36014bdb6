import type { ResourceDefinition, ResourceKind } from "@mycloud/protocol/resource";
import { PassiveServiceSettings } from "@mycloud/protocol/service";
import { changeCheck, createCheck, deleteCheck, insertCheck, updateCheck } from "../check/store.ts";
import { deleteServices, syncServicesOfHosts } from "../check/sync-services.ts";
import { deleteContact, insertContact, updateContact } from "../contact/store.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { deleteDefinition, saveDefinition } from "../definition/store.ts";
import { readBindings } from "../dns-health/index.ts";
import { applyZone } from "../dns-zone/index.ts";
import { deleteZone } from "../dns-zone/zone-store.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { createHost } from "../host/create-host.ts";
import { deleteHost, updateHost } from "../host/store.ts";
import { type Actor, systemActor } from "../http/actor.ts";
import { deleteRule, insertRule, updateRule } from "../notification/rule-store.ts";
import type { Sealer } from "../sealing/index.ts";
import { createServices } from "../service/create-services.ts";
import { updatePassiveService } from "../service/store.ts";
import { definitionKey } from "./definition.ts";
import type { PlannedChange } from "./plan-changes.ts";
import type { StoredDefinitions } from "./stored-definitions.ts";
import { zoneOfDefinition } from "./zone-definition.ts";

/** What others refer to is made before them. Everything that goes, goes first, so that its names are free. */
export const writeOrder: readonly ResourceKind[] = [
  "TimePeriod",
  "Template",
  "HostGroup",
  "ServiceGroup",
  "Host",
  "Contact",
  "ContactGroup",
  "OnCallSchedule",
  "Check",
  "Service",
  "Dependency",
  "EventHandler",
  "Forward",
  "StorageServer",
  "BackupPolicy",
  "LogDestination",
  "LogSource",
  "LogSender",
  "LogForward",
  "MetricsPush",
  "RemoteWrite",
  "SnmpCredential",
  "TrapRule",
  "TsigKey",
  "DnsView",
  "DnsRegistration",
  "NameServerSettings",
  "Zone",
  "RecurringDowntime",
  "NotificationRule",
];

/** Carries a plan out, in the transaction of `tx`. Throws the stores' errors, each with the definition it is about. */
export async function carryOut(
  tx: Executor,
  dialect: Dialect,
  changes: readonly PlannedChange[],
  stored: StoredDefinitions,
  sealer: Sealer,
  nowMs: number,
  actor?: Actor,
): Promise<void> {
  const ids = new Map(stored.ids);
  for (const kind of writeOrder.toReversed()) {
    for (const { before } of changes.filter((change) => change.kind === kind && change.action === "delete")) {
      if (before !== null) await remove(tx, dialect, before, idOf(ids, definitionKey(before)), nowMs);
    }
  }
  for (const kind of writeOrder) {
    const writes = changes.filter((change) => change.kind === kind && isWrite(change));
    const written: number[] = [];
    for (const { after, before } of writes) {
      if (after === null) continue;
      const key = definitionKey(after);
      const id = before === null ? null : idOf(ids, key);
      const newId = await naming(key, () => write(tx, dialect, after, id, { ids, stored, sealer, actor }, nowMs));
      ids.set(key, newId);
      written.push(newId);
    }
    // Once for all hosts, not once for each: an apply may bring thousands.
    if (kind === "Host") await syncServicesOfHosts(tx, dialect, written, "keep", nowMs);
    // Hosts and checks together may amount to a conflict that each by itself does not.
    if (kind === "Check" && changes.some((change) => change.kind === "Host" && isWrite(change))) {
      const hosts = changes.filter((change) => change.kind === "Host" && isWrite(change));
      const hostIds = hosts.flatMap(({ after }) => (after === null ? [] : idOf(ids, definitionKey(after))));
      await syncServicesOfHosts(tx, dialect, hostIds, "refuse", nowMs);
    }
  }
}

function isWrite({ action }: PlannedChange): boolean {
  return action === "create" || action === "update";
}

/** What a definition names, as ids. */
export interface Names {
  readonly ids: ReadonlyMap<string, number>;
  readonly stored: Pick<StoredDefinitions, "userIdOfContact">;
  readonly sealer: Sealer;
  /** The caller gives hosts the services of checks; left out: each check gets its services at once. */
  readonly isSyncedLater?: boolean;
  /** Whom the history of zones names; left out: the program. */
  readonly actor?: Actor | undefined;
}

/** Creates (`id` null) or changes what a definition describes; answers its id. */
export async function write(
  tx: Executor,
  dialect: Dialect,
  definition: ResourceDefinition,
  id: number | null,
  { ids, stored, sealer, isSyncedLater = false, actor }: Names,
  nowMs: number,
): Promise<number> {
  switch (definition.kind) {
    case "Host": {
      const input = { name: definition.name, ...definition.spec };
      if (id === null) return await createHost(tx, dialect, { ...input, origin: "operator" }, nowMs);
      await updateHost(tx, dialect, id, input, nowMs);
      return id;
    }
    case "Check": {
      const input = { name: definition.name, ...definition.spec };
      if (id === null) return await (isSyncedLater ? insertCheck : createCheck)(tx, dialect, input, nowMs);
      await (isSyncedLater ? changeCheck : updateCheck)(tx, dialect, id, input, nowMs);
      return id;
    }
    case "Service": {
      const input = { name: definition.name, hostId: idOf(ids, `Host ${definition.host}`), ...definition.spec };
      if (id !== null) {
        await updatePassiveService(tx, dialect, id, input, nowMs);
        return id;
      }
      const service = { ...input, settings: PassiveServiceSettings.parse(input), checkId: null, overdueAtMs: null };
      const created = await createServices(tx, dialect, [service], nowMs);
      return created[0] ?? 0;
    }
    case "Contact": {
      const userId = id === null ? null : (stored.userIdOfContact.get(id) ?? null);
      const input = { name: definition.name, ...definition.spec, userId };
      if (id === null) return await insertContact(tx, dialect, sealer, input, nowMs);
      await updateContact(tx, dialect, sealer, id, input, nowMs);
      return id;
    }
    case "NotificationRule": {
      const { contacts, ...spec } = definition.spec;
      const contactIds = contacts.map((name) => idOf(ids, `Contact ${name}`));
      const input = { name: definition.name, ...spec, contactIds };
      if (id === null) return await insertRule(tx, dialect, input, nowMs);
      await updateRule(tx, dialect, id, input, nowMs);
      return id;
    }
    case "Zone": {
      const order = { ...zoneOfDefinition(definition.name), spec: definition.spec };
      const by = { actor: actor ?? systemActor, isIn: await readBindings(tx) };
      return await applyZone(tx, dialect, id, order, by, nowMs);
    }
    default: {
      const input = { name: definition.name, ...definition.spec };
      return await saveDefinition(tx, dialect, sealer, definition.kind, id, input, nowMs);
    }
  }
}

/** Deletes what a definition describes. */
export async function remove(
  tx: Executor,
  dialect: Dialect,
  { kind }: ResourceDefinition,
  id: number,
  nowMs: number,
): Promise<void> {
  switch (kind) {
    case "Host":
      return await deleteHost(tx, id);
    case "Check":
      return await deleteCheck(tx, dialect, id, nowMs);
    case "Service":
      return await deleteServices(tx, dialect, [id]);
    case "Contact":
      return await deleteContact(tx, id);
    case "NotificationRule":
      return await deleteRule(tx, id);
    case "Zone":
      return await deleteZone(tx, id);
    default:
      return await deleteDefinition(tx, id);
  }
}

function idOf(ids: ReadonlyMap<string, number>, key: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new ConflictError(`${key} is gone; somebody else changed it at the same time`);
  return id;
}

async function naming<T>(key: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof InputError && key.startsWith("Zone ")) {
      throw new InputError(`${key}: ${error.message}`, [{ field: key, message: error.message }]);
    }
    if (error instanceof ConflictError) {
      throw new ConflictError(`${key}: ${error.message}`, [{ field: key, message: error.message }]);
    }
    throw error;
  }
}
