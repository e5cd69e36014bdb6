import type { Value } from "../column/index.ts";

/** Orders two values of one column: numbers by size, texts by code unit, lists by their first entry. Pure. */
export function compareValues(a: Value, b: Value): number {
  const [left, right] = [comparable(a), comparable(b)];
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [leftText, rightText] = [String(left), String(right)];
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}

function comparable(value: Value): string | number {
  if (typeof value === "string" || typeof value === "number") return value;
  if (Array.isArray(value)) return typeof value[0] === "object" ? String(value[0]) : (value[0] ?? "");
  return value === null ? 0 : JSON.stringify(value);
}
