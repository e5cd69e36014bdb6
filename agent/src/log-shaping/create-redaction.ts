import type { LogFieldValue } from "@mycloud/protocol/log-record";
import type { LogRedaction } from "@mycloud/protocol/log-source";
import type { OutgoingRecord } from "../log-parser/outgoing-record.ts";
import { compilePattern } from "../log-pattern/index.ts";
import {
  isSecretName,
  REDACTED,
  type Redact,
  redactAddresses,
  redactCardNumbers,
  redactSecrets,
} from "./built-in-redactions.ts";

const MAXIMUM_KNOWN_NAMES = 1_000;

const builtIn = {
  secrets: redactSecrets,
  "card-numbers": redactCardNumbers,
  "email-addresses": redactAddresses,
} as const satisfies Record<LogRedaction["builtIn"][number], Redact>;

/** Makes what takes secrets out of a record, in place; it returns whether there were any. Throws PatternError for a pattern that cannot be used. */
export function createRedaction({ builtIn: names, custom }: LogRedaction): (record: OutgoingRecord) => boolean {
  const own = custom.map(({ pattern, replacement }): Redact => {
    const compiled = compilePattern(pattern, "g");
    return (text) => text.replace(compiled, () => replacement);
  });
  const redactions: readonly Redact[] = [...names.map((name) => builtIn[name]), ...own];
  const hasSecrets = names.includes("secrets");
  const redact = (text: string) => {
    let redacted = text;
    for (const one of redactions) redacted = one(redacted);
    return redacted;
  };
  // Names of fields come again and again; looking into each is half of what a record with many fields costs.
  const secretNames = new Map<string, boolean>();
  const isSecret = (name: string): boolean => {
    let known = secretNames.get(name);
    if (known === undefined) {
      known = isSecretName(name);
      if (secretNames.size < MAXIMUM_KNOWN_NAMES) secretNames.set(name, known);
    }
    return known;
  };
  const isOnlyBuiltIn = own.length === 0;
  /** Numbers shorter than those of cards are nobody's secret, unless a pattern says so. */
  const isHarmless = (value: LogFieldValue) => isOnlyBuiltIn && typeof value === "number" && Math.abs(value) < 1e12;
  return (record) => {
    const message = redact(record.message);
    let isRedacted = message !== record.message;
    record.message = message;
    for (const name in record.fields) {
      const value = record.fields[name];
      if (value === undefined || typeof value === "boolean") continue;
      const isNamedSecret = hasSecrets && isSecret(name);
      if (!isNamedSecret && isHarmless(value)) continue;
      const text = String(value);
      const redacted = isNamedSecret ? REDACTED : redact(text);
      if (redacted === text) continue;
      record.fields[name] = redacted;
      isRedacted = true;
    }
    return isRedacted;
  };
}
