const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Reads a plain decimal number (`5`, `-1.5`, `.5`, `1e3`); undefined for anything else, including `0x10`, `inf` and `1e999`. */
export function parseDecimal(text: string): number | undefined {
  // A pattern rather than Number() alone, which also takes "", "0x10" and "Infinity".
  if (!DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
