import type { FieldValues } from "react-hook-form";

/** What a rule's form holds as the API takes it: a choice of no states is one of all, a digest without schedule is none. Pure. */
export function ruleInput(values: FieldValues): Record<string, unknown> {
  const { escalations, digest } = values;
  return {
    ...values,
    escalations: Array.isArray(escalations)
      ? escalations.map((each: Record<string, unknown>) => ({
          ...each,
          states: Array.isArray(each.states) && each.states.length > 0 ? each.states : null,
        }))
      : [],
    digest: typeof digest?.cron === "string" && digest.cron.trim() !== "" ? digest : null,
  };
}
