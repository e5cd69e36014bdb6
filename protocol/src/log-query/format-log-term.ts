/** `field:value` as a query would have it, quoted where it must be. Pure. */
export function formatLogTerm(field: string, value: string | number | boolean): string {
  const text = String(value);
  const isPlain = /^[\p{L}\p{N}_./@-]+$/u.test(text) && !text.startsWith("-");
  return `${field}:${isPlain ? text : quote(text)}`;
}

/** A phrase in quotation marks. Pure. */
export function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
