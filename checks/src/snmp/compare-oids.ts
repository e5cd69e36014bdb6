/** Below 0 when `a` comes before `b` in the order in which a device tells its objects (RFC 3416 §4.2.2), 0 when they are the same. Pure. */
export function compareOids(a: string, b: string): number {
  const [left, right] = [a.split("."), b.split(".")];
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = Number(left[at]) - Number(right[at]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** The part of an OID behind that of a column or subtree: the index of its row; null when it is not below it. Pure. */
export function indexBelow(oid: string, base: string): string | null {
  return oid.startsWith(`${base}.`) ? oid.slice(base.length + 1) : null;
}
