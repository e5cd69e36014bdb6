import { z } from "zod";

/** What operators switched on one host or service, over its definition (Nagios: modified attributes). What is absent is as defined. */
export const RuntimeOverride = z.object({
  isActiveCheckEnabled: z.boolean().optional(),
  isPassiveCheckEnabled: z.boolean().optional(),
  isNotificationEnabled: z.boolean().optional(),
  isEventHandlerEnabled: z.boolean().optional(),
  isFlapDetectionEnabled: z.boolean().optional(),
  /** Custom variables, over those of the same name. */
  variables: z.record(z.string(), z.string()).optional(),
  /** The time period in which checks run. */
  checkPeriod: z.string().optional(),
  checkIntervalSeconds: z.number().optional(),
  retryIntervalSeconds: z.number().optional(),
  maxCheckAttempts: z.number().optional(),
});
export type RuntimeOverride = z.infer<typeof RuntimeOverride>;

/** A setting that operators can change at run time. */
export const OverridableSetting = RuntimeOverride.keyof();
export type OverridableSetting = z.infer<typeof OverridableSetting>;

const SettingValue = z.union([z.boolean(), z.number(), z.string(), z.record(z.string(), z.string()), z.null()]);

/** GET /api/v1/hosts/:id/override and /api/v1/services/:id/override. */
export const OverrideAnswer = z.object({
  /** The settings that are not as defined, in the order of `OverridableSetting`; of `variables`, those that were changed. */
  data: z.array(z.object({ setting: OverridableSetting, value: SettingValue, defined: SettingValue })),
  /** When the last of them was changed; null where all is as defined. */
  changedAtMs: z.number().int().nullable(),
});
export type OverrideAnswer = z.infer<typeof OverrideAnswer>;

/** DELETE of the same paths: takes back one setting, or all. */
export const OverrideRemoval = z.object({ setting: OverridableSetting.optional() });
export type OverrideRemoval = z.infer<typeof OverrideRemoval>;
