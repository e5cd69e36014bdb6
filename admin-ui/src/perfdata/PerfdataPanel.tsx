import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useConsole } from "../providers/hooks.ts";
import { Panel } from "../record/Panel.tsx";
import { fittingRange } from "../timeline/fitting-range.ts";
import { RangePicker } from "../timeline/RangePicker.tsx";

const PerfdataChart = lazy(async () => ({ default: (await import("./PerfdataChart.tsx")).PerfdataChart }));

const hourMs = 3_600_000;
const ranges = [
  { text: "1 h", lengthMs: hourMs },
  { text: "6 h", lengthMs: 6 * hourMs },
  { text: "24 h", lengthMs: 24 * hourMs },
  { text: "7 d", lengthMs: 7 * 24 * hourMs },
  { text: "30 d", lengthMs: 30 * 24 * hourMs },
  { text: "1 y", lengthMs: 365 * 24 * hourMs },
] as const;

/** Charts of what a service measured. */
export function PerfdataPanel({ serviceId, knownSinceMs }: { serviceId: number; knownSinceMs: number }) {
  const provider = useConsole();
  const [range, setRange] = useState(() =>
    fittingRange<(typeof ranges)[number]>(ranges, ranges[1], Date.now() - knownSinceMs),
  );
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["perfdata", serviceId, range.lengthMs],
    queryFn: ({ signal }) => {
      const untilMs = Date.now();
      return provider.perfdata(serviceId, { fromMs: untilMs - range.lengthMs, untilMs, points: 480 }, signal);
    },
    placeholderData: (previous) => previous,
  });
  return (
    <Panel
      title="Performance"
      end={<RangePicker ranges={ranges} range={range} onChange={setRange} label="Length of the charts" />}
      isFlush
    >
      {error && !data ? <ErrorMessage error={error} onRetry={refetch} /> : null}
      {error && data ? (
        <p className="panel-body" role="alert">
          <span className="tone-critical">These charts are not current.</span> {error.message}
        </p>
      ) : null}
      {isPending ? (
        <div className="panel-body">
          <SkeletonLines count={4} />
        </div>
      ) : null}
      {data?.series.length === 0 ? (
        <p className="panel-body quiet">This check reported no performance data in this time.</p>
      ) : null}
      <Suspense fallback={<SkeletonLines count={4} />}>
        {data?.series.map((series) => (
          <PerfdataChart
            key={series.label}
            series={series}
            gapSeconds={data.gapSeconds}
            fromMs={data.fromMs}
            untilMs={data.untilMs}
          />
        ))}
      </Suspense>
    </Panel>
  );
}
