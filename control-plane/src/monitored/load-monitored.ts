import { DEFAULT_FLAPPING } from "@mycloud/checks/state";
import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { Labels } from "@mycloud/protocol/name";
import { PassiveServiceSettings } from "@mycloud/protocol/service";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { freshnessOfHost, freshnessOfService } from "../freshness/overdue-after.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { HostSettings } from "../host/host-settings.ts";
import { idList } from "./id-list.ts";
import { computedCommands, type MonitoredHost, type MonitoredService } from "./monitored-object.ts";
import { effectiveSchedule, effectiveSettings, isFlapDetectionOn, type RuntimeOverrides } from "./runtime-override.ts";

const Groups = z.array(z.string());

/** Reads hosts and services as ingest knows them: with what their checks say and, over it, what operators changed. */
export class MonitoredLoader {
  readonly #dialect: Dialect;
  // One object for all that are set alike, which most are.
  #hostSettings = new Map<string, HostSettings>();
  #serviceSettings = new Map<string, PassiveServiceSettings>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  forget(): void {
    this.#hostSettings = new Map();
    this.#serviceSettings = new Map();
  }

  /** The hosts that this is true of, with their services; asks for what operators changed only when there are any. */
  async load(
    executor: Executor,
    condition: RawBuilder<unknown>,
    readOverrides: () => Promise<RuntimeOverrides>,
  ): Promise<MonitoredHost[]> {
    const hosts = await executor
      .selectFrom("host")
      .select([
        "host.id",
        "host.name",
        "display_name",
        "address",
        "customer",
        "labels_json",
        "facts_json",
        "groups_json",
      ])
      .select(["host.max_check_attempts", "freshness_seconds", "host.settings_json"])
      .select((eb) =>
        eb
          .selectFrom("agent")
          .select((agent) => agent.fn.countAll<number>().as("count"))
          .whereRef("agent.host_id", "=", "host.id")
          .where("agent.revoked_at_ms", "is", null)
          .as("agent_count"),
      )
      .leftJoin("host_check", "host_check.host_id", "host.id")
      .leftJoin("check_definition as told", (join) =>
        join.onRef("told.id", "=", "host_check.check_id").on("told.is_enabled", "=", 1),
      )
      .select(["told.name as check_name", "told.command", "told.check_interval_seconds", "told.timeout_seconds"])
      .select(["told.max_check_attempts as check_attempts", "told.settings_json as check_settings_json"])
      .where(sql<boolean>`${condition}`)
      .execute();
    if (hosts.length === 0) return [];
    const overrides = await readOverrides();
    const services = await this.#loadServices(
      executor,
      hosts.map((host) => host.id),
      overrides,
    );
    return hosts.map((row): MonitoredHost => {
      const hasAgent = Number(row.agent_count) > 0;
      const own = services.get(row.id) ?? [];
      const defined = keptOnce(this.#hostSettings, row.settings_json, HostSettings);
      const settings = effectiveSettings(defined, overrides, row.id, null);
      const isEnabled = isFlapDetectionOn(settings.flapDetection.isEnabled, overrides, row.id, null);
      const { maxCheckAttempts, checkIntervalSeconds } = effectiveSchedule(
        {
          maxCheckAttempts: row.check_attempts ?? row.max_check_attempts,
          checkIntervalSeconds: row.check_interval_seconds ?? 0,
        },
        overrides,
        row.id,
        null,
      );
      return {
        id: row.id,
        name: row.name,
        displayName: row.display_name,
        address: row.address,
        customer: row.customer,
        labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
        groups: Groups.parse(JSON.parse(row.groups_json)),
        policy: {
          maxCheckAttempts,
          flapping: { ...settings.flapDetection, isEnabled },
        },
        overdueAfterMs: freshnessOfHost({
          hasAgent,
          freshnessSeconds: row.freshness_seconds,
          checkFreshnessMs:
            row.check_interval_seconds === null
              ? null
              : freshnessOfService({
                  isPassive: false,
                  isEnabled:
                    settings.isActiveCheckEnabled && settingsOfCheck(row.check_settings_json).isActiveCheckEnabled,
                  freshnessSeconds: null,
                  checkIntervalSeconds,
                  timeoutSeconds: row.timeout_seconds ?? 0,
                }),
        }),
        hasAgent,
        hostCheck:
          row.check_name === null || row.command === null
            ? null
            : {
                name: row.check_name,
                command: row.command,
                checkIntervalSeconds,
                checkPeriod: settingsOfCheck(row.check_settings_json).checkPeriod,
              },
        settings,
        servicesByName: new Map(own.map((service) => [service.name, service])),
      };
    });
  }

  async #loadServices(
    executor: Executor,
    hostIds: readonly number[],
    overrides: RuntimeOverrides,
  ): Promise<Map<number, MonitoredService[]>> {
    const rows = await executor
      .selectFrom("service")
      .leftJoin("check_definition", "check_definition.id", "service.check_id")
      .select(["service.id", "service.host_id", "service.name", "service.check_id", "service.freshness_seconds"])
      .select("service.max_check_attempts as own_max_check_attempts")
      .select(["check_interval_seconds", "timeout_seconds", "check_definition.max_check_attempts", "is_enabled"])
      .select(["is_flap_detection_enabled", "low_flap_percent", "high_flap_percent", "command"])
      .select(["service.settings_json as own_settings_json", "check_definition.settings_json"])
      .where(sql<boolean>`service.host_id in ${idList(this.#dialect, hostIds)}`)
      .execute();
    const byHost = new Map<number, MonitoredService[]>();
    for (const row of rows) {
      const settingsJson = row.settings_json ?? row.own_settings_json ?? "{}";
      const defined = keptOnce(this.#serviceSettings, settingsJson, PassiveServiceSettings);
      const settings = effectiveSettings(defined, overrides, row.host_id, row.id);
      const { maxCheckAttempts, checkIntervalSeconds } = effectiveSchedule(
        {
          maxCheckAttempts: row.max_check_attempts ?? row.own_max_check_attempts,
          checkIntervalSeconds: row.check_interval_seconds ?? 0,
        },
        overrides,
        row.host_id,
        row.id,
      );
      const flapping =
        row.check_id === null
          ? defined.flapDetection
          : {
              isEnabled: row.is_flap_detection_enabled !== 0,
              lowPercent: row.low_flap_percent ?? DEFAULT_FLAPPING.lowPercent,
              highPercent: row.high_flap_percent ?? DEFAULT_FLAPPING.highPercent,
            };
      const service: MonitoredService = {
        id: row.id,
        hostId: row.host_id,
        name: row.name,
        policy: {
          maxCheckAttempts,
          flapping: {
            ...flapping,
            isEnabled: isFlapDetectionOn(flapping.isEnabled, overrides, row.host_id, row.id),
          },
        },
        overdueAfterMs: freshnessOfService({
          isPassive: row.check_id === null,
          isEnabled:
            row.is_enabled !== 0 && settings.isActiveCheckEnabled && !computedCommands.includes(row.command ?? ""),
          freshnessSeconds: row.freshness_seconds,
          checkIntervalSeconds,
          timeoutSeconds: row.timeout_seconds ?? 0,
        }),
        settings,
        command: row.command,
      };
      const own = byHost.get(row.host_id);
      if (own === undefined) byHost.set(row.host_id, [service]);
      else own.push(service);
    }
    return byHost;
  }
}

function settingsOfCheck(settingsJson: string | null): MonitoredSettings {
  return MonitoredSettings.parse(JSON.parse(settingsJson ?? "{}"));
}

/** Settings by the JSON they are stored as, read once. */
function keptOnce<Settings>(
  known: Map<string, Settings>,
  json: string,
  schema: { parse(value: unknown): Settings },
): Settings {
  let settings = known.get(json);
  if (settings === undefined) {
    settings = schema.parse(JSON.parse(json));
    known.set(json, settings);
  }
  return settings;
}
