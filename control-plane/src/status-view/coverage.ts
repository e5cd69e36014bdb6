import type { Stored } from "@mycloud/protocol/definition";
import { SelectorIndex } from "./selector-index.ts";
import type { ViewedContact, ViewedDefinitions, ViewedDowntime, ViewedObject, ViewedRule } from "./viewed.ts";

/**
 * What covers which object: downtimes, notification rules, service groups, event handlers. Worked out when first asked for and remembered for as
 * long as no definition changes; then a new one is made.
 */
export class Coverage {
  readonly #definitions: ViewedDefinitions;
  readonly #downtimes: SelectorIndex<ViewedDowntime>;
  readonly #rules: SelectorIndex<ViewedRule>;
  readonly #serviceGroups: SelectorIndex<Stored<"ServiceGroup">>;
  readonly #eventHandlers: SelectorIndex<Stored<"EventHandler">>;
  readonly #downtimesOf = new Map<ViewedObject, readonly ViewedDowntime[]>();
  readonly #contactsOf = new Map<ViewedObject, readonly ViewedContact[]>();
  readonly #serviceGroupsOf = new Map<ViewedObject, readonly string[]>();
  readonly #membersOfContactGroup = new Map<string, ReadonlySet<string>>();
  /** One list for each different set of contacts, so that objects told alike share it. */
  readonly #contactLists = new Map<string, readonly ViewedContact[]>();

  constructor(definitions: ViewedDefinitions) {
    this.#definitions = definitions;
    this.#downtimes = new SelectorIndex(definitions.downtimes);
    this.#rules = new SelectorIndex(definitions.rules);
    this.#serviceGroups = new SelectorIndex(definitions.serviceGroups);
    this.#eventHandlers = new SelectorIndex(definitions.eventHandlers.filter((handler) => handler.isEnabled));
    for (const { name } of definitions.contactGroups) this.#membersOfContactGroup.set(name, this.#expand(name));
  }

  /** Present and coming downtimes that cover it, without those of other customers. */
  downtimesOf(object: ViewedObject): readonly ViewedDowntime[] {
    if (this.#downtimes.isEmpty) return [];
    return remember(this.#downtimesOf, object, () => {
      const { host, serviceName } = placeOf(object);
      return this.#downtimes
        .find(host, serviceName)
        .filter((downtime) => downtime.customer === null || downtime.customer === host.customer);
    });
  }

  /** The enabled contacts that a rule would tell of it, by name. */
  contactsOf(object: ViewedObject): readonly ViewedContact[] {
    return remember(this.#contactsOf, object, () => {
      const { host, serviceName } = placeOf(object);
      const ids = new Set(this.#rules.find(host, serviceName).flatMap((rule) => rule.contactIds));
      const told = [...ids]
        .flatMap((id) => this.#definitions.contacts.get(id) ?? [])
        .filter((contact) => contact.isEnabled && (contact.customer === null || contact.customer === host.customer))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const key = told.map((contact) => contact.id).join();
      const same = this.#contactLists.get(key);
      if (same !== undefined) return same;
      this.#contactLists.set(key, told);
      return told;
    });
  }

  /** Names of the contact groups of which somebody would be told of it. */
  contactGroupsOf(object: ViewedObject): readonly string[] {
    const names = this.contactsOf(object).map((contact) => contact.name);
    return this.#definitions.contactGroups
      .map((group) => group.name)
      .filter((group) => names.some((name) => this.#membersOfContactGroup.get(group)?.has(name)));
  }

  /** Names of everybody in a contact group, through groups in groups. */
  membersOfContactGroup(name: string): ReadonlySet<string> {
    return this.#membersOfContactGroup.get(name) ?? new Set();
  }

  /** Names of the service groups it belongs to; a host belongs to none. */
  serviceGroupsOf(object: ViewedObject): readonly string[] {
    if (object.kind === "host" || this.#serviceGroups.isEmpty) return [];
    return remember(this.#serviceGroupsOf, object, () =>
      this.#serviceGroups.find(object.host, object.name).map((group) => group.name),
    );
  }

  /** The first event handler that would run for it. */
  eventHandlerOf(object: ViewedObject): Stored<"EventHandler"> | undefined {
    if (this.#eventHandlers.isEmpty) return undefined;
    const { host, serviceName } = placeOf(object);
    return this.#eventHandlers.find(host, serviceName)[0];
  }

  #expand(name: string, seen = new Set<string>()): Set<string> {
    const members = new Set<string>();
    if (seen.has(name)) return members;
    seen.add(name);
    const group = this.#definitions.contactGroups.find((candidate) => candidate.name === name);
    for (const contact of group?.contacts ?? []) members.add(contact);
    for (const inner of group?.groups ?? []) for (const contact of this.#expand(inner, seen)) members.add(contact);
    return members;
  }
}

function placeOf(object: ViewedObject) {
  return object.kind === "host"
    ? { host: object, serviceName: undefined }
    : { host: object.host, serviceName: object.name };
}

function remember<T>(known: Map<ViewedObject, T>, object: ViewedObject, find: () => T): T {
  const before = known.get(object);
  if (before !== undefined) return before;
  const found = find();
  known.set(object, found);
  return found;
}
