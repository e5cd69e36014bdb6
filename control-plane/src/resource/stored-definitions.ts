import { ResourceDefinition } from "@mycloud/protocol/resource";
import { findAllChecks } from "../check/store.ts";
import { findAllContacts } from "../contact/store.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { findAllDefinitions } from "../definition/store.ts";
import { findAllHostInputs } from "../host/store.ts";
import type { Named } from "../monitored/index.ts";
import { findAllRules } from "../notification/rule-store.ts";
import type { Scope } from "../scope/index.ts";
import { findAllPassiveServices } from "../service/store.ts";
import { definitionKey } from "./definition.ts";
import { type TemplateUse, templatesAmong, useAsEdited } from "./template-use.ts";
import { findTemplateUses } from "./template-use-store.ts";

/** Everything stored, as definitions with all their fields, and the ids they stand for. */
export interface StoredDefinitions {
  readonly definitions: readonly ResourceDefinition[];
  /** By `definitionKey`. */
  readonly ids: ReadonlyMap<string, number>;
  /** Contacts' users, which files do not name and an apply leaves alone. */
  readonly userIdOfContact: ReadonlyMap<number, number | null>;
  /** By `definitionKey`: which of them use templates, and what is their own. */
  readonly uses: ReadonlyMap<string, TemplateUse>;
}

/**
 * Reads all definitions in scope: hosts, checks, passive services, contacts, rules, each kind by name. With `naming`, of hosts, checks and services only those
 * that may name that definition: of them there may be a hundred thousand.
 */
export async function findStoredDefinitions(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  naming?: Named,
): Promise<StoredDefinitions> {
  const definitions: ResourceDefinition[] = [];
  const ids = new Map<string, number>();
  const userIdOfContact = new Map<number, number | null>();
  const add = (id: number, definition: ResourceDefinition) => {
    definitions.push(definition);
    ids.set(definitionKey(definition), id);
  };
  for (const { id, origin: _, name, ...spec } of await findAllHostInputs(executor, scope, naming)) {
    add(id, { kind: "Host", name, spec });
  }
  for (const check of await findAllChecks(executor, scope, naming)) {
    const { id, name, serviceCount: _count, createdAtMs: _created, updatedAtMs: _updated, ...spec } = check;
    add(id, { kind: "Check", name, spec });
  }
  for (const service of await findAllPassiveServices(executor, scope, naming)) {
    const { id, hostId: _, hostName, name, ...spec } = service;
    add(id, { kind: "Service", name, host: hostName, spec });
  }
  for (const contact of await findAllContacts(executor, scope)) {
    const { id, name, userId, groups: _groups, createdAtMs: _created, updatedAtMs: _updated, ...spec } = contact;
    userIdOfContact.set(id, userId);
    add(id, { kind: "Contact", name, spec });
  }
  for (const rule of await findAllRules(executor, dialect, scope)) {
    const { id, name, contactIds: _ids, contactNames, createdAtMs: _created, updatedAtMs: _updated, ...spec } = rule;
    add(id, { kind: "NotificationRule", name, spec: { ...spec, contacts: contactNames } });
  }
  // What belongs to all customers' hosts is nobody's in particular.
  for (const { id, ...definition } of scope.kind === "all" ? await findAllDefinitions(executor) : []) {
    add(id, ResourceDefinition.parse(definition));
  }
  return { definitions, ids, userIdOfContact, uses: await findUses(executor, definitions, ids) };
}

async function findUses(
  executor: Executor,
  definitions: readonly ResourceDefinition[],
  ids: ReadonlyMap<string, number>,
): Promise<Map<string, TemplateUse>> {
  const written = await findTemplateUses(executor, ids);
  if (written.size === 0) return written;
  const templates = templatesAmong(definitions);
  return new Map(
    definitions.flatMap((definition) => {
      const key = definitionKey(definition);
      const use = written.get(key);
      return use === undefined ? [] : [[key, useAsEdited(definition, use, templates)]];
    }),
  );
}
