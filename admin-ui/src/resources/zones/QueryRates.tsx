import type { QueryRate } from "@mycloud/protocol/dns-zone";
import { PerfdataChart } from "../../perfdata/PerfdataChart.tsx";

const hourMs = 3_600_000;

/** Questions a second over the last hour. */
export function QueryRates({ rates }: { readonly rates: readonly QueryRate[] }) {
  const last = rates.at(-1);
  if (last === undefined) return <p className="quiet">Nothing was asked yet.</p>;
  const values = rates.map(({ queriesPerSecond }) => queriesPerSecond);
  const most = Math.max(...values);
  return (
    <figure aria-label={`Questions a second: ${rateText(last.queriesPerSecond)} now, ${rateText(most)} at most`}>
      <PerfdataChart
        series={{
          ...{ label: "questions a second", unit: "", warn: null, crit: null, min: 0, max: null },
          ...{ atMs: rates.map(({ atMs }) => atMs), minimum: values, mean: values, maximum: values },
        }}
        gapSeconds={60}
        fromMs={last.atMs - hourMs}
        untilMs={last.atMs}
      />
    </figure>
  );
}

export function rateText(perSecond: number): string {
  return perSecond >= 100 ? Math.round(perSecond).toLocaleString("en") : perSecond.toFixed(1);
}
