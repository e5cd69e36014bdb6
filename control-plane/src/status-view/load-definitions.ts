import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { Labels } from "@mycloud/protocol/name";
import { ServiceSelector } from "@mycloud/protocol/selector";
import { sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions as loadStored } from "../definition/index.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { HostSettings } from "../host/host-settings.ts";
import { chunksOf, idList } from "../monitored/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { turnOfOthers } from "./load-states.ts";
import type { ViewedCheck, ViewedDefinitions, ViewedHost, ViewedService } from "./viewed.ts";

const Texts = z.array(z.string());
const rowsPerChunk = 1000;

/** Everything that is neither host nor service: tables of some hundred rows at most. */
export async function loadViewedDefinitions(
  executor: Executor,
  sealer: Sealer,
  nowMs: number,
): Promise<ViewedDefinitions> {
  const members = await executor
    .selectFrom("notification_rule_contact")
    .select(["notification_rule_id", "contact_id"])
    .orderBy("contact_id")
    .execute();
  const contactsOfRule = Map.groupBy(members, (member) => member.notification_rule_id);
  const rules = await executor
    .selectFrom("notification_rule")
    .select(["id", "name", "selector_json"])
    .where("is_enabled", "=", 1)
    .orderBy("id")
    .execute();
  const contacts = await executor
    .selectFrom("contact")
    .select(["id", "name", "email", "user_id", "customer", "is_enabled"])
    .orderBy("name")
    .execute();
  const downtimes = await executor
    .selectFrom("downtime")
    .select(["id", "selector_json", "start_at_ms", "end_at_ms", "created_at_ms", "comment", "author_name", "customer"])
    .where("cancelled_at_ms", "is", null)
    .where("end_at_ms", ">", nowMs)
    .orderBy("id")
    .execute();
  return {
    checks: await loadChecks(executor),
    contacts: new Map(
      contacts.map(({ id, name, email, user_id, customer, is_enabled }) => [
        id,
        { id, name, email, userId: user_id, customer, isEnabled: is_enabled === 1 },
      ]),
    ),
    rules: rules.map(({ id, name, selector_json }) => ({
      id,
      name,
      selector: ServiceSelector.parse(JSON.parse(selector_json)),
      contactIds: (contactsOfRule.get(id) ?? []).map((member) => member.contact_id),
    })),
    downtimes: downtimes.map((row) => ({
      id: row.id,
      selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
      startAtMs: row.start_at_ms,
      endAtMs: row.end_at_ms,
      createdAtMs: row.created_at_ms,
      comment: row.comment,
      authorName: row.author_name,
      customer: row.customer,
    })),
    timePeriods: await loadStored(executor, "TimePeriod", sealer),
    dependencies: await loadStored(executor, "Dependency", sealer),
    hostGroups: await loadStored(executor, "HostGroup", sealer),
    serviceGroups: await loadStored(executor, "ServiceGroup", sealer),
    contactGroups: await loadStored(executor, "ContactGroup", sealer),
    eventHandlers: await loadStored(executor, "EventHandler", sealer),
  };
}

async function loadChecks(executor: Executor): Promise<Map<number, ViewedCheck>> {
  const rows = await executor.selectFrom("check_definition").selectAll().orderBy("name").execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        name: row.name,
        command: row.command,
        arguments: Texts.parse(JSON.parse(row.arguments_json)),
        checkIntervalSeconds: row.check_interval_seconds,
        retryIntervalSeconds: row.retry_interval_seconds,
        timeoutSeconds: row.timeout_seconds,
        maxCheckAttempts: row.max_check_attempts,
        isFlapDetectionEnabled: row.is_flap_detection_enabled === 1,
        lowFlapPercent: row.low_flap_percent,
        highFlapPercent: row.high_flap_percent,
        isEnabled: row.is_enabled === 1,
        notes: row.notes,
        target: row.target,
        settings: MonitoredSettings.parse(JSON.parse(row.settings_json)),
      },
    ]),
  );
}

/** A host's definition as it is stored. */
export type LoadedHost = Omit<ViewedHost, "kind" | "services" | "state" | "comments">;

/** Every host, a chunk at a time. */
export async function* loadHosts(executor: Executor): AsyncGenerator<LoadedHost> {
  const settings = new Map<string, HostSettings>();
  let after = -1;
  while (true) {
    const rows = await executor
      .selectFrom("host")
      .select(["id", "name", "display_name", "address", "customer", "notes", "labels_json", "facts_json"])
      .select(["groups_json", "max_check_attempts", "freshness_seconds", "settings_json"])
      .select((eb) =>
        eb
          .exists(
            eb
              .selectFrom("agent")
              .select("agent.id")
              .whereRef("agent.host_id", "=", "host.id")
              .where("agent.revoked_at_ms", "is", null),
          )
          .as("has_agent"),
      )
      .where("id", ">", after)
      .orderBy("id")
      .limit(rowsPerChunk)
      .execute();
    for (const row of rows) {
      yield {
        id: row.id,
        name: row.name,
        displayName: row.display_name,
        address: row.address,
        customer: row.customer,
        notes: row.notes,
        labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
        groups: Texts.parse(JSON.parse(row.groups_json)),
        maxCheckAttempts: row.max_check_attempts,
        freshnessSeconds: row.freshness_seconds,
        hasAgent: Boolean(row.has_agent),
        settings: parseOnce(settings, row.settings_json, HostSettings),
      };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerChunk) return;
    after = last.id;
    await turnOfOthers();
  }
}

/** Ids of all services with the instant of their last change. */
export async function loadServiceStamps(executor: Executor): Promise<Map<number, number>> {
  const stamps = new Map<number, number>();
  const perChunk = 10_000;
  let after = -1;
  while (true) {
    const rows = await executor
      .selectFrom("service")
      .select(["id", "updated_at_ms"])
      .where("id", ">", after)
      .orderBy("id")
      .limit(perChunk)
      .execute();
    for (const { id, updated_at_ms } of rows) stamps.set(id, updated_at_ms);
    const last = rows.at(-1);
    if (last === undefined || rows.length < perChunk) return stamps;
    after = last.id;
    await turnOfOthers();
  }
}

/** A service's definition as it is stored. */
export interface LoadedService extends Pick<ViewedService, "id" | "name" | "freshnessSeconds"> {
  readonly hostId: number;
  readonly checkId: number | null;
  readonly updatedAtMs: number;
  /** These count where it has no check. */
  readonly maxCheckAttempts: number;
  readonly notes: string;
  readonly settings: MonitoredSettings;
}

/** The services of these ids that exist, a chunk at a time. */
export async function* loadServices(
  executor: Executor,
  dialect: Dialect,
  ids: readonly number[],
): AsyncGenerator<LoadedService> {
  const settings = new Map<string, MonitoredSettings>();
  for (const chunk of chunksOf(ids, rowsPerChunk)) {
    const rows = await executor
      .selectFrom("service")
      .select(["id", "host_id", "name", "check_id", "max_check_attempts", "freshness_seconds", "notes"])
      .select(["settings_json", "updated_at_ms"])
      .where(sql<boolean>`id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) {
      yield {
        id: row.id,
        hostId: row.host_id,
        name: row.name,
        checkId: row.check_id,
        updatedAtMs: row.updated_at_ms,
        maxCheckAttempts: row.max_check_attempts,
        freshnessSeconds: row.freshness_seconds,
        notes: row.notes,
        settings: parseOnce(settings, row.settings_json ?? "{}", MonitoredSettings),
      };
    }
    await turnOfOthers();
  }
}

/** Most hosts and services are set alike: one object serves all of them. */
function parseOnce<T>(known: Map<string, T>, text: string, schema: { parse(value: unknown): T }): T {
  const before = known.get(text);
  if (before !== undefined) return before;
  const parsed = schema.parse(JSON.parse(text));
  known.set(text, parsed);
  return parsed;
}
