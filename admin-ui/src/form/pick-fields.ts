/** Keeps the named fields of a form's values: what the server's input has, without what only records have. */
export function pickFields(
  values: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => (field in values ? [[field, values[field] ?? emptyOf(field)]] : [])),
  );
}

// react-admin hands an emptied input over as null; these fields are text, never null.
const texts = new Set(["notes", "comment", "name", "pager"]);

function emptyOf(field: string): "" | null {
  return texts.has(field) ? "" : null;
}
