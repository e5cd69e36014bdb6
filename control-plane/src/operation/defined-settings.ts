import { MonitoredSettings, type OverridableSetting } from "@mycloud/protocol/monitored";
import { PassiveServiceSettings } from "@mycloud/protocol/service";
import type { Executor } from "../database/dialect/dialect.ts";
import { HostSettings } from "../host/host-settings.ts";

/** Settings as a definition has them, before anything was changed at run time; null where the definition has none. */
export type DefinedSettings = Readonly<
  Record<Exclude<OverridableSetting, "variables">, boolean | number | string | null> & {
    readonly variables: Readonly<Record<string, string>>;
  }
>;

/** What the definitions say of a host (`serviceId` null) or a service, of what operators can change at run time. Both exist. */
export async function findDefinedSettings(
  executor: Executor,
  hostId: number,
  serviceId: number | null,
): Promise<DefinedSettings> {
  return serviceId === null ? await findOfHost(executor, hostId) : await findOfService(executor, serviceId);
}

async function findOfHost(executor: Executor, hostId: number): Promise<DefinedSettings> {
  const row = await executor
    .selectFrom("host")
    .leftJoin("host_check", "host_check.host_id", "host.id")
    .leftJoin("check_definition", "check_definition.id", "host_check.check_id")
    .select(["host.settings_json", "host.max_check_attempts", "check_interval_seconds", "retry_interval_seconds"])
    .select(["check_definition.max_check_attempts as check_attempts"])
    .select(["check_definition.settings_json as check_settings_json"])
    .where("host.id", "=", hostId)
    .executeTakeFirstOrThrow();
  const settings = HostSettings.parse(JSON.parse(row.settings_json));
  const ofCheck = MonitoredSettings.parse(JSON.parse(row.check_settings_json ?? "{}"));
  return {
    ...switchesOf(settings),
    checkPeriod: settings.checkPeriod ?? ofCheck.checkPeriod,
    checkIntervalSeconds: row.check_interval_seconds,
    retryIntervalSeconds: row.retry_interval_seconds,
    maxCheckAttempts: row.check_attempts ?? row.max_check_attempts,
  };
}

async function findOfService(executor: Executor, serviceId: number): Promise<DefinedSettings> {
  const row = await executor
    .selectFrom("service")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.settings_json", "service.max_check_attempts", "check_interval_seconds", "retry_interval_seconds"])
    .select(["check_definition.max_check_attempts as check_attempts", "is_flap_detection_enabled"])
    .select(["check_definition.settings_json as check_settings_json"])
    .where("service.id", "=", serviceId)
    .executeTakeFirstOrThrow();
  const settings = PassiveServiceSettings.parse(JSON.parse(row.check_settings_json ?? row.settings_json ?? "{}"));
  const isFlapDetectionEnabled = row.is_flap_detection_enabled;
  return {
    ...switchesOf(settings),
    ...(isFlapDetectionEnabled === null ? {} : { isFlapDetectionEnabled: isFlapDetectionEnabled !== 0 }),
    checkPeriod: settings.checkPeriod,
    checkIntervalSeconds: row.check_interval_seconds,
    retryIntervalSeconds: row.retry_interval_seconds,
    maxCheckAttempts: row.check_attempts ?? row.max_check_attempts,
  };
}

function switchesOf(settings: PassiveServiceSettings) {
  return {
    isActiveCheckEnabled: settings.isActiveCheckEnabled,
    isPassiveCheckEnabled: settings.isPassiveCheckEnabled,
    isNotificationEnabled: settings.isNotificationEnabled,
    isEventHandlerEnabled: settings.isEventHandlerEnabled,
    isFlapDetectionEnabled: settings.flapDetection.isEnabled,
    variables: settings.variables,
  };
}
