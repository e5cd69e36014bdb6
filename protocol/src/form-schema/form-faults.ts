import { z } from "zod";
import { type FormFaults, place } from "./fault-tree.ts";
import { fitInput, type InputSchema } from "./fit-input.ts";

/** What is wrong with a form's values by the schema; empty when nothing is. The first fault of each field counts. Pure. */
export function faultsOf(schema: InputSchema, values: Readonly<Record<string, unknown>>): FormFaults {
  const parsed = z.safeParse(schema, fitInput(schema, values));
  const faults: FormFaults = {};
  if (parsed.success) return faults;
  for (const issue of parsed.error.issues) place(faults, issue.path.map(String), inWords(issue));
  return faults;
}

/** zod's own sentences are about types; a form's are about fields. */
function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.input === undefined) return "is missing";
  if (issue.code === "invalid_type") return `is no ${issue.expected}`;
  if (issue.code === "too_small" && issue.origin === "array") return "is empty";
  if (issue.code === "too_small" && issue.origin === "string") return "is empty";
  if (issue.code === "too_small") return `is below ${issue.minimum}`;
  if (issue.code === "too_big" && issue.origin === "array") return `has more than ${issue.maximum} entries`;
  if (issue.code === "too_big" && issue.origin === "string") return `is longer than ${issue.maximum} characters`;
  if (issue.code === "too_big") return `is above ${issue.maximum}`;
  if (issue.code === "invalid_format" && issue.format === "url") return "is not a web address (http:// or https://)";
  return issue.message;
}
