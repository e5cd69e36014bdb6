import { createTimePeriods, type TimePeriods } from "@mycloud/checks/time-period";
import type { ContactGroupInput } from "@mycloud/protocol/group";
import type { OnCallScheduleInput } from "@mycloud/protocol/on-call";
import { ServiceSelector } from "@mycloud/protocol/selector";
import { z } from "zod";
import { readContactSettings } from "../contact/contact-settings.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/store.ts";
import { type ContactOverride, loadRuntimeOverrides } from "../monitored/runtime-override.ts";
import type { Sealer } from "../sealing/index.ts";
import type { Audience, ChangedContact, KnownContact, KnownOnCall, KnownRule } from "./known-rule.ts";
import { readRuleSettings } from "./rule-settings.ts";

const States = z.array(z.string());

/** What decisions rest on besides downtimes. */
export interface LoadedRules {
  readonly rules: readonly KnownRule[];
  readonly contacts: ReadonlyMap<number, KnownContact>;
  readonly periods: TimePeriods;
}

/** Reads the enabled rules with everybody they name, all contacts, and the time periods. What a rule names and nobody defined is left out. */
export async function loadRules(executor: Executor): Promise<LoadedRules> {
  const contacts = await loadContacts(executor);
  const directory = {
    contactsByName: new Map([...contacts.values()].map((contact) => [contact.name, contact])),
    groups: await loadContactGroups(executor),
    schedules: new Map((await loadDefinitions(executor, "OnCallSchedule", noSecrets)).map((one) => [one.name, one])),
  };
  const periods = createTimePeriods(await loadDefinitions(executor, "TimePeriod", noSecrets));
  const rows = await executor
    .selectFrom("notification_rule")
    .select(["id", "name", "selector_json", "states_json", "settings_json"])
    .where("is_enabled", "=", 1)
    .orderBy("id")
    .execute();
  const members = await executor
    .selectFrom("notification_rule_contact")
    .select(["notification_rule_id", "contact_id"])
    .execute();
  const byRule = Map.groupBy(members, (member) => member.notification_rule_id);
  const rules = rows.map((row): KnownRule => {
    const { contactGroups, onCall, escalations, ...settings } = readRuleSettings(row.settings_json);
    const own = (byRule.get(row.id) ?? []).flatMap(({ contact_id }) => contacts.get(contact_id)?.name ?? []);
    return {
      ...settings,
      id: row.id,
      name: row.name,
      selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
      states: new Set(States.parse(JSON.parse(row.states_json))),
      ...audienceOf({ contacts: own, contactGroups, onCall }, directory),
      escalations: escalations.map((escalation, index) => ({
        ...escalation,
        position: index + 1,
        states: escalation.states === null ? null : new Set<string>(escalation.states),
        ...audienceOf(escalation, directory),
      })),
    };
  });
  return { rules, contacts, periods };
}

/** The contact groups by name. */
export async function loadContactGroups(executor: Executor): Promise<Map<string, ContactGroupInput>> {
  return new Map((await loadDefinitions(executor, "ContactGroup", noSecrets)).map((group) => [group.name, group]));
}

/** None of the kinds read here has a secret to open. */
const noSecrets: Sealer = { seal: (text) => text, open: () => "", deriveKey: () => new Uint8Array() };

interface Directory {
  readonly contactsByName: ReadonlyMap<string, KnownContact>;
  readonly groups: ReadonlyMap<string, ContactGroupInput>;
  readonly schedules: ReadonlyMap<string, OnCallScheduleInput>;
}

interface Named {
  readonly contacts: readonly string[];
  readonly contactGroups: readonly string[];
  readonly onCall: readonly string[];
}

/** Everybody named, groups taken apart. Pure. */
function audienceOf({ contacts, contactGroups, onCall }: Named, directory: Directory): Audience {
  const names = new Set([...contacts, ...membersOf(contactGroups, directory.groups)]);
  return {
    contacts: [...names].flatMap((name) => directory.contactsByName.get(name) ?? []).sort((a, b) => a.id - b.id),
    onCall: onCall.flatMap((name): KnownOnCall[] => {
      const schedule = directory.schedules.get(name);
      if (schedule === undefined) return [];
      const inTurn = [...schedule.members, ...schedule.overrides.map(({ contact }) => contact)];
      const named = inTurn.flatMap((member) => directory.contactsByName.get(member) ?? []);
      return [{ schedule, contactsByName: new Map(named.map((contact) => [contact.name, contact])) }];
    }),
  };
}

/** The contacts of groups and of the groups in them; a group that contains itself ends there. Pure. */
export function membersOf(names: readonly string[], groups: ReadonlyMap<string, ContactGroupInput>): Set<string> {
  const members = new Set<string>();
  const seen = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const group = groups.get(name);
    if (group === undefined || seen.has(name)) continue;
    seen.add(name);
    for (const contact of group.contacts) members.add(contact);
    waiting.push(...group.groups);
  }
  return members;
}

async function loadContacts(executor: Executor): Promise<Map<number, KnownContact>> {
  const rows = await executor
    .selectFrom("contact")
    .select(["id", "name", "email", "customer", "is_enabled", "settings_json"])
    .orderBy("id")
    .execute();
  const overrides = await loadRuntimeOverrides(executor);
  return new Map(
    rows.map(({ id, name, email, customer, is_enabled, settings_json }) => {
      const { period, minimumBusinessImpact, channels, stormLimitPerMinute, ...own } =
        readContactSettings(settings_json);
      const states = own.states === null ? null : new Set<string>(own.states);
      const settings = { period, states, minimumBusinessImpact, channels, stormLimitPerMinute };
      const override = overrides.contacts.get(id);
      const changed = override === undefined ? {} : { changed: changesOf(override) };
      return [id, { id, name, email, customer, isEnabled: is_enabled === 1, ...settings, ...changed }];
    }),
  );
}

function changesOf(override: ContactOverride): NonNullable<KnownContact["changed"]> {
  const changed = (isEnabled: boolean | undefined, period: string | undefined): ChangedContact => ({
    ...(isEnabled === undefined ? {} : { isEnabled }),
    ...(period === undefined ? {} : { period }),
  });
  return {
    host: changed(override.isHostNotificationEnabled, override.hostPeriod),
    service: changed(override.isServiceNotificationEnabled, override.servicePeriod),
  };
}
