import type { Stored } from "@mycloud/protocol/definition";
import type { FlapDetection, MonitoredSettings } from "@mycloud/protocol/monitored";
import type { Labels } from "@mycloud/protocol/name";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import type { LiveDowntime } from "../downtime/downtime-effect.ts";
import type { HostSettings } from "../host/host-settings.ts";
import type { RuntimeOverrides } from "../monitored/index.ts";

/** The present state of a host or service. Instants are ms UTC, null = never. A new state is a new object, so what a reader holds stays whole. */
export interface ViewedState {
  /** Counts writes of the row; see `readChangedVersions`. */
  readonly version: number;
  /** 0 to 3 of a service, 0 to 2 of a host. */
  readonly state: number;
  readonly isHard: boolean;
  readonly attempt: number;
  readonly hasBeenChecked: boolean;
  readonly isStale: boolean;
  readonly isFlapping: boolean;
  /** Whether the last result was sent from outside. */
  readonly isPassive: boolean;
  readonly lastHardState: number;
  readonly percentStateChange: number;
  readonly output: string;
  /** Empty where there is one that is too long to keep here: see `hasMoreOutput`. */
  readonly longOutput: string;
  readonly hasMoreOutput: boolean;
  readonly perfdata: string;
  readonly lastCheckAtMs: number | null;
  readonly lastReceivedAtMs: number | null;
  readonly lastStateChangeAtMs: number | null;
  readonly lastHardStateChangeAtMs: number | null;
  readonly lastOkAtMs: number | null;
  readonly problemId: number | null;
  readonly acknowledgementId: number | null;
  readonly nextCheckAtMs: number | null;
  readonly executionTimeSeconds: number | null;
  readonly latencySeconds: number | null;
}

/** A check definition, as its services need it. */
export interface ViewedCheck {
  readonly id: number;
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly checkIntervalSeconds: number;
  readonly retryIntervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxCheckAttempts: number;
  readonly isFlapDetectionEnabled: boolean;
  readonly lowFlapPercent: number;
  readonly highFlapPercent: number;
  readonly isEnabled: boolean;
  readonly notes: string;
  readonly target: string;
  readonly settings: MonitoredSettings;
}

export interface ViewedHost {
  readonly kind: "host";
  readonly id: number;
  readonly name: string;
  readonly displayName: string | null;
  readonly address: string | null;
  readonly customer: string | null;
  readonly notes: string;
  /** Effective ones: facts overlaid by what an operator wrote. */
  readonly labels: Labels;
  readonly groups: readonly string[];
  readonly maxCheckAttempts: number;
  readonly freshnessSeconds: number | null;
  readonly hasAgent: boolean;
  /** The check that tells whether it is UP; null where keepalives or results from outside do. */
  readonly check: ViewedCheck | null;
  readonly settings: HostSettings;
  /** By name. */
  readonly services: readonly ViewedService[];
  readonly state: ViewedState;
  readonly comments: readonly ViewedComment[];
}

export interface ViewedService {
  readonly kind: "service";
  readonly id: number;
  readonly host: ViewedHost;
  readonly name: string;
  /** Null of a passive service. */
  readonly check: ViewedCheck | null;
  readonly maxCheckAttempts: number;
  readonly freshnessSeconds: number | null;
  readonly notes: string;
  readonly settings: MonitoredSettings;
  /** As defined, by its check or by itself. */
  readonly flapDetection: FlapDetection;
  readonly state: ViewedState;
  readonly comments: readonly ViewedComment[];
}

export type ViewedObject = ViewedHost | ViewedService;

export interface ViewedContact {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly userId: number | null;
  readonly customer: string | null;
  readonly isEnabled: boolean;
  readonly isToldOfHosts: boolean;
  readonly isToldOfServices: boolean;
  readonly hostPeriod: string | null;
  readonly servicePeriod: string | null;
  /** Empty where the name is what it is called for people. */
  readonly alias: string;
  readonly pager: string;
  readonly minimumBusinessImpact: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** An enabled notification rule. */
export interface ViewedRule {
  readonly id: number;
  readonly name: string;
  readonly selector: ServiceSelector;
  readonly contactIds: readonly number[];
  readonly contactGroups: readonly string[];
  readonly period: string | null;
  readonly minimumBusinessImpact: number;
  readonly firstDelaySeconds: number;
  readonly repeatIntervalSeconds: number | null;
}

/** A downtime that is neither cancelled nor over. */
export interface ViewedDowntime extends LiveDowntime {
  readonly createdAtMs: number;
}

export interface ViewedComment {
  readonly id: number;
  readonly authorName: string;
  readonly text: string;
  readonly createdAtMs: number;
  readonly isPersistent: boolean;
  readonly expiresAtMs: number | null;
  /** The acknowledgement whose words it keeps. */
  readonly acknowledgementId: number | null;
}

/** An acknowledgement in force. */
export interface ViewedAcknowledgement {
  readonly id: number;
  readonly authorName: string;
  readonly comment: string;
  readonly isSticky: boolean;
  readonly createdAtMs: number;
}

/** The definitions that are no hosts and services, as they were at one moment. */
export interface ViewedDefinitions {
  /** What operators switched; the settings of hosts and services have it in them. */
  readonly overrides: RuntimeOverrides;
  readonly checks: ReadonlyMap<number, ViewedCheck>;
  readonly contacts: ReadonlyMap<number, ViewedContact>;
  readonly rules: readonly ViewedRule[];
  readonly timePeriods: readonly Stored<"TimePeriod">[];
  readonly dependencies: readonly Stored<"Dependency">[];
  readonly hostGroups: readonly Stored<"HostGroup">[];
  readonly serviceGroups: readonly Stored<"ServiceGroup">[];
  readonly contactGroups: readonly Stored<"ContactGroup">[];
  readonly eventHandlers: readonly Stored<"EventHandler">[];
}

/** Of something that was never heard of, or whose state row is not read yet. */
export const pendingState: ViewedState = {
  version: -1,
  state: 0,
  isHard: true,
  attempt: 1,
  hasBeenChecked: false,
  isStale: false,
  isFlapping: false,
  isPassive: false,
  lastHardState: 0,
  percentStateChange: 0,
  output: "",
  longOutput: "",
  hasMoreOutput: false,
  perfdata: "",
  lastCheckAtMs: null,
  lastReceivedAtMs: null,
  lastStateChangeAtMs: null,
  lastHardStateChangeAtMs: null,
  lastOkAtMs: null,
  problemId: null,
  acknowledgementId: null,
  nextCheckAtMs: null,
  executionTimeSeconds: null,
  latencySeconds: null,
};
