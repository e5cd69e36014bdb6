const second = 1_000_000;
const widths = [
  ...[1, 10, 100, 1_000, 10_000, 100_000],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * second),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60 * second),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3600 * second),
  ...[1, 2, 7, 14, 28, 56, 365].map((days) => days * 86_400 * second),
];

/** The bins of a histogram: as wide as clocks count, no more of them than are asked for. Times in microseconds. Pure. */
export function binsOf(
  range: { readonly fromUs: number; readonly toUs: number },
  bins: number,
): { readonly fromUs: number; readonly binUs: number; readonly count: number } {
  const asMany = (binUs: number): number => {
    const fromUs = Math.floor(range.fromUs / binUs) * binUs;
    return Math.max(1, Math.ceil((range.toUs - fromUs) / binUs));
  };
  const wanted = Math.max(1, bins);
  const year = widths.at(-1) ?? second;
  let binUs = widths.find((width) => asMany(width) <= wanted) ?? year;
  while (asMany(binUs) > wanted && binUs < range.toUs - range.fromUs) binUs += year;
  return { fromUs: Math.floor(range.fromUs / binUs) * binUs, binUs, count: asMany(binUs) };
}
