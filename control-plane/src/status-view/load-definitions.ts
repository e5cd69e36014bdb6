import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { Labels } from "@mycloud/protocol/name";
import { ServiceSelector } from "@mycloud/protocol/selector";
import { PassiveServiceSettings } from "@mycloud/protocol/service";
import { sql } from "kysely";
import { z } from "zod";
import { readContactSettings } from "../contact/contact-settings.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions as loadStored } from "../definition/index.ts";
import { loadLiveDowntimes } from "../downtime/load-live-downtimes.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { HostSettings } from "../host/host-settings.ts";
import { chunksOf, idList, loadRuntimeOverrides } from "../monitored/index.ts";
import { readRuleSettings } from "../notification/rule-settings.ts";
import type { Sealer } from "../sealing/index.ts";
import { turnOfOthers } from "./load-states.ts";
import type { ViewedCheck, ViewedDefinitions, ViewedDowntime, ViewedHost, ViewedService } from "./viewed.ts";

const Texts = z.array(z.string());
const rowsPerChunk = 1000;

/** Everything that is neither host nor service: tables of some hundred rows at most. */
export async function loadViewedDefinitions(executor: Executor, sealer: Sealer): Promise<ViewedDefinitions> {
  const members = await executor
    .selectFrom("notification_rule_contact")
    .select(["notification_rule_id", "contact_id"])
    .orderBy("contact_id")
    .execute();
  const contactsOfRule = Map.groupBy(members, (member) => member.notification_rule_id);
  const rules = await executor
    .selectFrom("notification_rule")
    .select(["id", "name", "selector_json", "settings_json"])
    .where("is_enabled", "=", 1)
    .orderBy("id")
    .execute();
  const contacts = await executor
    .selectFrom("contact")
    .select(["id", "name", "email", "user_id", "customer", "is_enabled", "settings_json"])
    .orderBy("name")
    .execute();
  const overrides = await loadRuntimeOverrides(executor);
  return {
    overrides,
    checks: await loadChecks(executor),
    contacts: new Map(
      contacts.map(({ id, name, email, user_id, customer, is_enabled, settings_json }) => {
        const { alias, period, pager, minimumBusinessImpact, variables } = readContactSettings(settings_json);
        const isEnabled = is_enabled === 1;
        const own = overrides.contacts.get(id);
        const settings = {
          isToldOfHosts: isEnabled && (own?.isHostNotificationEnabled ?? true),
          isToldOfServices: isEnabled && (own?.isServiceNotificationEnabled ?? true),
          hostPeriod: own?.hostPeriod ?? period,
          servicePeriod: own?.servicePeriod ?? period,
          alias,
          pager,
          minimumBusinessImpact,
          variables: { ...variables, ...own?.variables },
        };
        return [id, { id, name, email, userId: user_id, customer, isEnabled, ...settings }];
      }),
    ),
    rules: rules.map(({ id, name, selector_json, settings_json }) => {
      const settings = readRuleSettings(settings_json);
      return {
        id,
        name,
        selector: ServiceSelector.parse(JSON.parse(selector_json)),
        contactIds: (contactsOfRule.get(id) ?? []).map((member) => member.contact_id),
        contactGroups: settings.contactGroups,
        period: settings.period,
        minimumBusinessImpact: settings.minimumBusinessImpact,
        firstDelaySeconds: settings.firstDelaySeconds,
        repeatIntervalSeconds: settings.repeatIntervalSeconds,
      };
    }),
    timePeriods: await loadStored(executor, "TimePeriod", sealer),
    dependencies: await loadStored(executor, "Dependency", sealer),
    hostGroups: await loadStored(executor, "HostGroup", sealer),
    serviceGroups: await loadStored(executor, "ServiceGroup", sealer),
    contactGroups: await loadStored(executor, "ContactGroup", sealer),
    eventHandlers: await loadStored(executor, "EventHandler", sealer),
  };
}

/** The downtimes that are neither cancelled nor over, coming ones included. */
export async function loadViewedDowntimes(executor: Executor, nowMs: number): Promise<ViewedDowntime[]> {
  const live = await loadLiveDowntimes(executor, nowMs);
  if (live.length === 0) return [];
  const rows = await executor
    .selectFrom("downtime")
    .select(["id", "created_at_ms"])
    .where("cancelled_at_ms", "is", null)
    .where("ended_at_ms", "is", null)
    .execute();
  const createdAtMs = new Map(rows.map((row) => [row.id, row.created_at_ms]));
  return live.map((downtime) => ({ ...downtime, createdAtMs: createdAtMs.get(downtime.id) ?? downtime.startAtMs }));
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
export interface LoadedHost extends Omit<ViewedHost, "kind" | "services" | "state" | "comments" | "check"> {
  readonly checkId: number | null;
}

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
      .select((eb) =>
        eb
          .selectFrom("host_check")
          .select("host_check.check_id")
          .whereRef("host_check.host_id", "=", "host.id")
          .as("check_id"),
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
        checkId: row.check_id,
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
  readonly settings: PassiveServiceSettings;
}

/** The services of these ids that exist, a chunk at a time. */
export async function* loadServices(
  executor: Executor,
  dialect: Dialect,
  ids: readonly number[],
): AsyncGenerator<LoadedService> {
  const settings = new Map<string, PassiveServiceSettings>();
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
        settings: parseOnce(settings, row.settings_json ?? "{}", PassiveServiceSettings),
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
