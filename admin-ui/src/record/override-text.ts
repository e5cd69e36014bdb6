import type { OverridableSetting, OverrideAnswer } from "@mycloud/protocol/monitored";
import { formatDuration } from "../time/duration.ts";

type Value = OverrideAnswer["data"][number]["value"];

/** What people call the settings that can be changed at run time. */
export const settingNames: Readonly<Record<OverridableSetting, string>> = {
  isActiveCheckEnabled: "Checks run",
  isPassiveCheckEnabled: "Results from outside count",
  isNotificationEnabled: "People are told",
  isEventHandlerEnabled: "Event handlers run",
  isFlapDetectionEnabled: "Flapping is detected",
  variables: "Variables",
  checkPeriod: "Checked in",
  checkIntervalSeconds: "Every",
  retryIntervalSeconds: "While soft, every",
  maxCheckAttempts: "Attempts until it is hard",
};

/** The value of such a setting in words; of `variables` only those in `names` when given. Pure. */
export function settingText(setting: OverridableSetting, value: Value, names?: readonly string[]): string {
  if (value === null) return setting === "checkPeriod" ? "always" : "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return setting.endsWith("Seconds") ? formatDuration(value) : String(value);
  if (typeof value === "string") return value;
  const shown = Object.entries(value).filter(([name]) => names === undefined || names.includes(name));
  return shown.map(([name, text]) => `${name}=${text}`).join(", ") || "nothing";
}

/** What a change says against the definition: `10m, defined: 1m`. Pure. */
export function changeText({ setting, value, defined }: OverrideAnswer["data"][number]): {
  readonly now: string;
  readonly defined: string;
} {
  const names = typeof value === "object" && value !== null ? Object.keys(value) : undefined;
  return { now: settingText(setting, value), defined: settingText(setting, defined, names) };
}
