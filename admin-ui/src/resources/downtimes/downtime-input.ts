import type { FieldValues } from "react-hook-form";

/** A downtime's form as the API takes it: each kind has fields that the others have not. Pure. */
export function downtimeInput({ kind, ...values }: FieldValues): Record<string, unknown> {
  return {
    ...values,
    isFixed: kind !== "flexible",
    durationSeconds: kind === "flexible" ? values.durationSeconds : null,
    // One that begins with another names it: no choice is no number, which the schema refuses where null would pass.
    triggeredById: kind === "triggered" ? (values.triggeredById ?? "none") : null,
    reminderSeconds: kind === "fixed" ? values.reminderSeconds : null,
  };
}
