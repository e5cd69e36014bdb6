/**
 * Where what had the focus is now: newer records may have come before it, or it may have gone; then what is in its place. Pure, and quick when nothing
 * came.
 */
export function placeOf(
  records: readonly { readonly id: string }[],
  { id, at }: { readonly id: string | null; readonly at: number },
): number {
  if (id !== null && records[at]?.id !== id) {
    const found = records.findIndex((record) => record.id === id);
    if (found >= 0) return found;
  }
  return Math.max(0, Math.min(at, records.length - 1));
}
