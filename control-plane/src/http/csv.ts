/** A line of CSV (RFC 4180) from fields that are written as they must be. Pure. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.join(",")}\r\n`;
}

/** A text as a field: quoted where it has to be; one that a spreadsheet would take for a formula is kept from that. Pure. */
export function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
