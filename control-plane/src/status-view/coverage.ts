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
  readonly #contactsByName: ReadonlyMap<string, ViewedContact>;
  readonly #downtimesOf = new Map<ViewedObject, readonly ViewedDowntime[]>();
  readonly #contactsOf = new Map<ViewedObject, readonly ViewedContact[]>();
  readonly #serviceGroupsOf = new Map<ViewedObject, readonly string[]>();
  readonly #membersOfContactGroup = new Map<string, ReadonlySet<string>>();
  /** One list for each different set of contacts, so that objects told alike share it. */
  readonly #contactLists = new Map<string, readonly ViewedContact[]>();

  constructor(definitions: ViewedDefinitions, downtimes: readonly ViewedDowntime[]) {
    this.#definitions = definitions;
    this.#downtimes = new SelectorIndex(downtimes);
    this.#rules = new SelectorIndex(definitions.rules);
    this.#contactsByName = new Map([...definitions.contacts.values()].map((contact) => [contact.name, contact]));
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
      const { businessImpact } = object.settings;
      const told = [...this.#audienceOf(this.#rules.find(host, serviceName), businessImpact)]
        .filter((contact) => contact.isEnabled && (contact.customer === null || contact.customer === host.customer))
        .filter((contact) => contact.minimumBusinessImpact <= businessImpact)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const key = told.map((contact) => contact.id).join();
      const same = this.#contactLists.get(key);
      if (same !== undefined) return same;
      this.#contactLists.set(key, told);
      return told;
    });
  }

  /** The first rule that covers it: its times stand for what Nagios keeps with the object. */
  ruleOf(object: ViewedObject): ViewedRule | undefined {
    if (this.#rules.isEmpty) return undefined;
    const { host, serviceName } = placeOf(object);
    return this.#rules.find(host, serviceName)[0];
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

  /** Contacts of rules, by themselves and in groups. Whoever is on call changes by the hour and is not among them. */
  #audienceOf(rules: readonly ViewedRule[], businessImpact: number): Set<ViewedContact> {
    const told = new Set<ViewedContact>();
    for (const rule of rules) {
      if (rule.minimumBusinessImpact > businessImpact) continue;
      for (const id of rule.contactIds) addIfAny(told, this.#definitions.contacts.get(id));
      for (const group of rule.contactGroups) {
        for (const name of this.membersOfContactGroup(group)) addIfAny(told, this.#contactsByName.get(name));
      }
    }
    return told;
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

function addIfAny<T>(set: Set<T>, item: T | undefined): void {
  if (item !== undefined) set.add(item);
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
