import type { InputIssue } from "@mycloud/protocol/error";
import type { z } from "zod";

const maximumIssues = 100;
const shownCharacters = 100;
const secretField = /password|secret|token|authorization|cookie/i;

/** Every fault zod found, as `checks[3].timeoutSeconds`, with the value seen (shortened; never a secret). At most 100. */
export function inputIssuesOf(error: z.core.$ZodError, input: unknown, prefix = ""): InputIssue[] {
  return error.issues.slice(0, maximumIssues).map((issue) => {
    const field = fieldName(issue.path, prefix);
    const value = secretField.test(field) ? undefined : shown(valueAt(input, issue.path));
    return { field, ...(value === undefined ? {} : { value }), message: messageOf(issue) };
  });
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys")
    return `unknown: ${issue.keys.map((key) => key.slice(0, shownCharacters)).join(", ")}`;
  // Zod says of both what it did, and not what is wrong.
  if (issue.code === "invalid_key") return issue.issues[0] === undefined ? issue.message : messageOf(issue.issues[0]);
  if (issue.code === "invalid_type" && issue.expected === "number" && issue.message.endsWith("received NaN")) {
    return "is no number";
  }
  return issue.message;
}

function fieldName(path: readonly PropertyKey[], prefix: string): string {
  let name = prefix;
  for (const step of path) {
    const text = String(step).slice(0, shownCharacters);
    name += typeof step === "number" ? `[${text}]` : `${name === "" ? "" : "."}${text}`;
  }
  return name;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** Scalars as JSON; of lists and objects only what they are, because a whole body does not belong in an answer. */
function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
