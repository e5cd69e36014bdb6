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
  return (record) => {
    const message = redact(record.message);
    let isRedacted = message !== record.message;
    record.message = message;
    for (const name in record.fields) {
      const value = record.fields[name];
      if (value === undefined || typeof value === "boolean") continue;
      const text = String(value);
      const redacted = hasSecrets && isSecretName(name) ? REDACTED : redact(text);
      if (redacted === text) continue;
      record.fields[name] = redacted;
      isRedacted = true;
    }
    return isRedacted;
  };
}
