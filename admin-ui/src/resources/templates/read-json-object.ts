/** An object read from JSON, or why it cannot be. */
export type ReadJsonObject =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly message: string };

/** Reads a JSON object as people type it; nothing at all is an empty one. Pure. */
export function readJsonObject(text: string): ReadJsonObject {
  if (text.trim() === "") return { ok: true, value: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ok: true, value: { ...value } };
    return { ok: false, message: 'is no object of fields, such as { "maxCheckAttempts": 5 }' };
  } catch (error) {
    return { ok: false, message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
