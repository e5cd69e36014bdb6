import { z } from "zod";
import { HostName, ResourceName, ServiceName } from "../name/index.ts";
import { ServiceSelector } from "../selector/index.ts";

/** What something depends on: a host (`service` null) or a service; `host` null means the dependent's own host. */
export const DependencyMaster = z.strictObject({
  host: HostName.nullable().default(null),
  service: ServiceName.nullable().default(null),
});
export type DependencyMaster = z.infer<typeof DependencyMaster>;

/** HARD states of the master in which the dependency fails; PENDING is a master that was never checked. */
export const DependencyState = z.enum(["OK", "WARNING", "CRITICAL", "UNKNOWN", "UP", "DOWN", "UNREACHABLE", "PENDING"]);
export type DependencyState = z.infer<typeof DependencyState>;

/**
 * While a master is in one of the states named, dependents are not checked (`executionFailureStates`) or not notified of
 * (`notificationFailureStates`). Nagios: servicedependency and hostdependency. `isTransitive` (inherits_parent): also fails when the
 * master's own dependencies fail.
 */
export const DependencyInput = z.object({
  name: ResourceName,
  dependent: ServiceSelector,
  masters: z.array(DependencyMaster).min(1).max(200),
  executionFailureStates: z.array(DependencyState).max(8).default([]),
  notificationFailureStates: z.array(DependencyState).max(8).default([]),
  isTransitive: z.boolean().default(false),
  /** The time period in which it holds; always when null. */
  period: ResourceName.nullable().default(null),
});
export type DependencyInput = z.infer<typeof DependencyInput>;
