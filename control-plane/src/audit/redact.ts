const secretKey = /password|secret|token|cookie|private|csrf|authorization|_hash$/i;
const maximumCharacters = 60_000;

/** The value as JSON for the audit, with what its keys call secret replaced; null for undefined; cut short where it is huge. */
export function redactedJson(value: unknown): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value, (key, member: unknown) =>
    // A number or a flag beside the name of a secret (tokenId, isPasswordSet) tells nothing.
    secretKey.test(key) && typeof member !== "number" && typeof member !== "boolean" && member !== null
      ? "[redacted]"
      : member,
  );
  if (text === undefined || text.length <= maximumCharacters) return text ?? null;
  return JSON.stringify({ truncated: text.slice(0, maximumCharacters) });
}
