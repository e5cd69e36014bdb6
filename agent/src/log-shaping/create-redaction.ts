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
import { createSecretHint } from "./secret-hint.ts";

const MAXIMUM_KNOWN_NAMES = 1_000;

const builtIn = {
  secrets: redactSecrets,
  "card-numbers": redactCardNumbers,
  "email-addresses": redactAddresses,
} as const satisfies Record<LogRedaction["builtIn"][number], Redact>;

/**
 * Takes secrets out of a record, in place; returns whether there were any. `whole`: the text that its message and each text among its fields is a piece of,
 * which then is looked at once; null where there is no such text.
 */
export type RedactRecord = (record: OutgoingRecord, whole: string | null) => boolean;

/** Makes what takes secrets out of records. Throws PatternError for a pattern that cannot be used. */
export function createRedaction({ builtIn: names, custom }: LogRedaction): RedactRecord {
  const own = custom.map(({ pattern, replacement }): Redact => {
    const compiled = compilePattern(pattern, "g");
    return (text) => text.replace(compiled, () => replacement);
  });
  const readyMade = names.map((name) => builtIn[name]);
  const hasSecrets = names.includes("secrets");
  const mayHoldSecret = createSecretHint({
    secrets: hasSecrets,
    cardNumbers: names.includes("card-numbers"),
    addresses: names.includes("email-addresses"),
  });
  const redact = (text: string) => {
    let redacted = text;
    if (mayHoldSecret(text)) for (const one of readyMade) redacted = one(redacted);
    for (const one of own) redacted = one(redacted);
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
  const redactNamed = ({ fields }: OutgoingRecord) => {
    let isRedacted = false;
    for (const name in fields) {
      const value = fields[name];
      if (value === undefined || typeof value === "boolean" || !isSecret(name) || value === REDACTED) continue;
      fields[name] = REDACTED;
      isRedacted = true;
    }
    return isRedacted;
  };
  return (record, whole) => {
    if (whole !== null && isOnlyBuiltIn && !mayHoldSecret(whole)) return hasSecrets && redactNamed(record);
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
