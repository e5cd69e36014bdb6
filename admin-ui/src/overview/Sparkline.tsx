/** A small line over time without axes; zero is the bottom. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  if (values.length < 2) return <p className="hint">{label}: not enough yet to draw.</p>;
  const highest = Math.max(...values, 1e-9);
  const points = values.map(
    (value, index) => `${((index / (values.length - 1)) * 100).toFixed(2)},${(38 - (value / highest) * 35).toFixed(2)}`,
  );
  const line = `M${points.join("L")}`;
  return (
    <svg className="sparkline" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{`${label}: at most ${highest.toFixed(1)}`}</title>
      <path className="area" d={`${line}L100,40L0,40Z`} />
      <path className="line" d={line} />
    </svg>
  );
}
