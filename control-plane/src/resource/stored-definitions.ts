import { ResourceDefinition } from "@mycloud/protocol/resource";
import { findAllChecks } from "../check/store.ts";
import { findAllContacts } from "../contact/store.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { findAllDefinitions } from "../definition/store.ts";
import { findAllHostInputs } from "../host/store.ts";
import type { Named } from "../monitored/index.ts";
import { findAllRules } from "../notification/rule-store.ts";
import type { Scope } from "../scope/index.ts";
import { findAllPassiveServices } from "../service/find-passive-services.ts";
import { definitionKey } from "./definition.ts";
import {
  checkDefinition,
  contactDefinition,
  hostDefinition,
  ruleDefinition,
  serviceDefinition,
} from "./definition-of.ts";
import { findZoneDefinitions, type WantedZones } from "./find-zone-definitions.ts";
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
 * that may name that definition: of them there may be a hundred thousand. `zones`: those that are read; default: none.
 */
export async function findStoredDefinitions(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  naming?: Named,
  zones: WantedZones = [],
): Promise<StoredDefinitions> {
  const definitions: ResourceDefinition[] = [];
  const ids = new Map<string, number>();
  const userIdOfContact = new Map<number, number | null>();
  const add = (id: number, definition: ResourceDefinition) => {
    definitions.push(definition);
    ids.set(definitionKey(definition), id);
  };
  for (const host of await findAllHostInputs(executor, scope, naming)) add(host.id, hostDefinition(host));
  for (const check of await findAllChecks(executor, scope, naming)) add(check.id, checkDefinition(check));
  for (const service of await findAllPassiveServices(executor, scope, naming)) {
    add(service.id, serviceDefinition(service));
  }
  for (const contact of await findAllContacts(executor, scope)) {
    userIdOfContact.set(contact.id, contact.userId);
    add(contact.id, contactDefinition(contact));
  }
  for (const rule of await findAllRules(executor, dialect, scope)) add(rule.id, ruleDefinition(rule));
  // What belongs to all customers' hosts is nobody's in particular.
  for (const { id, ...definition } of scope.kind === "all" ? await findAllDefinitions(executor) : []) {
    add(id, ResourceDefinition.parse(definition));
  }
  if (scope.kind === "all") {
    for await (const { id, definition } of findZoneDefinitions(executor, zones)) add(id, definition);
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
