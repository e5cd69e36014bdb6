import type { FlapDetection } from "@mycloud/protocol/monitored";
import type { PassiveServiceSettings } from "@mycloud/protocol/service";
import { effectiveSchedule, effectiveSettings, type RuntimeOverrides } from "../monitored/index.ts";
import type { LoadedHost } from "./load-definitions.ts";
import type { ViewedCheck, ViewedHost, ViewedService } from "./viewed.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A host as it is kept: its definition can be read anew while its state stays. */
export interface HostEntry extends Mutable<Omit<ViewedHost, "services">> {
  services: ServiceEntry[];
  checkId: number | null;
}

/** A service likewise, with what counts where it has no check. */
export interface ServiceEntry extends Mutable<Omit<ViewedService, "host">> {
  host: HostEntry;
  checkId: number | null;
  updatedAtMs: number;
  ownAttempts: number;
  ownNotes: string;
  ownSettings: PassiveServiceSettings;
}

type HostDefinition = LoadedHost & Pick<ViewedHost, "check">;

/** A host as it counts: with what its check says and, over it, what operators changed. Pure. */
export function definitionOf(
  loaded: LoadedHost,
  checks: ReadonlyMap<number, ViewedCheck>,
  overrides: RuntimeOverrides,
): HostDefinition {
  const own = loaded.checkId === null ? undefined : checks.get(loaded.checkId);
  const check = own?.isEnabled ? effectiveSchedule(own, overrides, loaded.id, null) : null;
  const attempts = { maxCheckAttempts: check?.maxCheckAttempts ?? loaded.maxCheckAttempts };
  return {
    ...loaded,
    check,
    settings: effectiveSettings(loaded.settings, overrides, loaded.id, null),
    ...effectiveSchedule(attempts, overrides, loaded.id, null),
  };
}

/** Makes a service what it counts as: with what its check says and, over it, what operators changed. */
export function applyCheck(
  service: ServiceEntry,
  checks: ReadonlyMap<number, ViewedCheck>,
  overrides: RuntimeOverrides,
): void {
  const check = service.checkId === null ? undefined : checks.get(service.checkId);
  const [hostId, serviceId] = [service.host.id, service.id];
  const attempts = { maxCheckAttempts: check?.maxCheckAttempts ?? service.ownAttempts };
  service.check = check === undefined ? null : effectiveSchedule(check, overrides, hostId, serviceId);
  service.maxCheckAttempts = effectiveSchedule(attempts, overrides, hostId, serviceId).maxCheckAttempts;
  service.notes = check?.notes ?? service.ownNotes;
  service.flapDetection = check === undefined ? service.ownSettings.flapDetection : flapDetectionOf(check);
  service.settings = effectiveSettings(check?.settings ?? service.ownSettings, overrides, hostId, serviceId);
}

function flapDetectionOf({ isFlapDetectionEnabled, lowFlapPercent, highFlapPercent }: ViewedCheck): FlapDetection {
  return { isEnabled: isFlapDetectionEnabled, lowPercent: lowFlapPercent, highPercent: highFlapPercent };
}
