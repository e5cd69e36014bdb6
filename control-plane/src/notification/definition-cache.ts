import { ServiceSelector } from "@mycloud/protocol/selector";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import { loadLiveDowntimes } from "../downtime/load-live-downtimes.ts";
import {
  type CoverableHost,
  type KnownContact,
  type KnownRule,
  type NotificationDefinitions,
  rulesFor,
} from "./definitions.ts";

/** Definitions with the rules of each object worked out once: decisions come thousands a second, definitions change a few times a day. */
export interface CompiledDefinitions extends NotificationDefinitions {
  rulesFor(
    host: CoverableHost & { readonly id: number },
    serviceId: number | null,
    serviceName: string | null,
  ): readonly KnownRule[];
}

const States = z.array(z.string());
const maximumRemembered = 200_000;

/**
 * Rules, contacts and downtimes in memory. `forget` when any of them changes; the next reader loads them. What is read while something
 * changes is used once and not kept.
 */
export class NotificationDefinitionCache {
  #kept: CompiledDefinitions | null = null;
  #generation = 0;

  forget(): void {
    this.#generation++;
    this.#kept = null;
  }

  async read(executor: Executor, nowMs: number): Promise<CompiledDefinitions> {
    if (this.#kept !== null) return this.#kept;
    const generation = this.#generation;
    const definitions = compile(await loadDefinitions(executor, nowMs));
    if (generation === this.#generation) this.#kept = definitions;
    return definitions;
  }
}

function compile(definitions: NotificationDefinitions): CompiledDefinitions {
  const remembered = new Map<string, { readonly host: CoverableHost; readonly rules: readonly KnownRule[] }>();
  return {
    ...definitions,
    rulesFor(host, serviceId, serviceName) {
      const key = serviceId === null ? `h${host.id}` : `s${serviceId}`;
      const known = remembered.get(key);
      // Ingest hands out the same host object until its definition changes.
      if (known !== undefined && known.host === host) return known.rules;
      if (remembered.size >= maximumRemembered) remembered.clear();
      const rules = rulesFor(definitions.rules, host, serviceName);
      remembered.set(key, { host, rules });
      return rules;
    },
  };
}

/** Reads the enabled rules, all contacts, and the downtimes that are not over. */
export async function loadDefinitions(executor: Executor, nowMs: number): Promise<NotificationDefinitions> {
  const contacts = await loadContacts(executor);
  return { contacts, rules: await loadRules(executor, contacts), downtimes: await loadLiveDowntimes(executor, nowMs) };
}

async function loadContacts(executor: Executor): Promise<Map<number, KnownContact>> {
  const rows = await executor
    .selectFrom("contact")
    .select(["id", "name", "email", "customer", "is_enabled"])
    .orderBy("id")
    .execute();
  return new Map(rows.map(({ is_enabled, ...contact }) => [contact.id, { ...contact, isEnabled: is_enabled === 1 }]));
}

async function loadRules(executor: Executor, contacts: ReadonlyMap<number, KnownContact>): Promise<KnownRule[]> {
  const rows = await executor
    .selectFrom("notification_rule")
    .select(["id", "name", "selector_json", "states_json"])
    .where("is_enabled", "=", 1)
    .orderBy("id")
    .execute();
  const members = await executor
    .selectFrom("notification_rule_contact")
    .select(["notification_rule_id", "contact_id"])
    .orderBy("contact_id")
    .execute();
  const byRule = Map.groupBy(members, (member) => member.notification_rule_id);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
    states: new Set(States.parse(JSON.parse(row.states_json))),
    contacts: (byRule.get(row.id) ?? []).flatMap((member) => contacts.get(member.contact_id) ?? []),
  }));
}
