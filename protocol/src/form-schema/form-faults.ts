import { z } from "zod";
import { fitInput, type InputSchema } from "./fit-input.ts";

/** Faults by field, nested as the values are: `{ name: "is empty", channels: [undefined, { url: "..." }] }`. */
export type FormFaults = Record<string, unknown>;

/** What is wrong with a form's values by the schema; empty when nothing is. The first fault of each field counts. Pure. */
export function faultsOf(schema: InputSchema, values: Readonly<Record<string, unknown>>): FormFaults {
  const parsed = z.safeParse(schema, fitInput(schema, values));
  const faults: FormFaults = {};
  if (parsed.success) return faults;
  for (const issue of parsed.error.issues) place(faults, issue.path.map(String), inWords(issue));
  return faults;
}

/** Puts a message at its path, unless something was put there, above or below before. */
export function place(faults: FormFaults, path: readonly string[], message: string): void {
  const [first, ...rest] = path;
  if (first === undefined) {
    faults.root ??= { serverError: message };
    return;
  }
  const present = faults[first];
  if (rest.length === 0) {
    faults[first] ??= message;
    return;
  }
  if (typeof present === "string") return;
  const inner: FormFaults = isFaults(present) ? present : {};
  place(inner, rest, message);
  faults[first] = inner;
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

function isFaults(value: unknown): value is FormFaults {
  return typeof value === "object" && value !== null;
}

/** Every message in the faults with where it stands, in order. Pure. */
export function listFaults(faults: unknown, path = ""): { readonly path: string; readonly message: string }[] {
  if (typeof faults === "string") return faults === "" ? [] : [{ path, message: faults }];
  if (!isFaults(faults)) return [];
  if (typeof faults.message === "string" && faults.message !== "") return [{ path, message: faults.message }];
  return Object.entries(faults).flatMap(([name, inner]) =>
    name === "ref" || name === "type" ? [] : listFaults(inner, path === "" ? name : `${path}.${name}`),
  );
}
