import type { StateChange } from "@mycloud/protocol/state-change";
import { useState } from "react";
import { useGetList } from "react-admin";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { Panel } from "../record/Panel.tsx";
import { useNow } from "../time/NowContext.tsx";
import { buildStrip, type StripWindow } from "./build-strip.ts";
import { ChangeList } from "./ChangeList.tsx";
import { fittingRange } from "./fitting-range.ts";
import { RangePicker } from "./RangePicker.tsx";
import { StateStrip } from "./StateStrip.tsx";

const ranges = [
  { text: "2 h", lengthMs: 7_200_000 },
  { text: "24 h", lengthMs: 86_400_000 },
  { text: "7 d", lengthMs: 7 * 86_400_000 },
  { text: "30 d", lengthMs: 30 * 86_400_000 },
] as const;

interface HistoryPanelProps {
  readonly of: { readonly hostId: number; readonly serviceId: number | null };
  readonly now: Pick<StripWindow, "state" | "stateType" | "output" | "knownSinceMs">;
}

/** A host's or service's states over time: a strip, and the changes behind it. */
export function HistoryPanel({ of, now }: HistoryPanelProps) {
  const [range, setRange] = useState(() =>
    fittingRange<(typeof ranges)[number]>(ranges, ranges[1], Date.now() - now.knownSinceMs),
  );
  const untilMs = useNow();
  // The newest thousand of the window: what lies before them is drawn by the first one's "from".
  const { data, error, isPending, refetch } = useGetList<StateChange>("state-changes", {
    pagination: { page: 1, perPage: 1000 },
    sort: { field: "atMs", order: "DESC" },
    // Rounded, so that the question stays the same while the clock ticks.
    filter: { ...filterOf(of), fromMs: Math.floor((untilMs - range.lengthMs) / 600_000) * 600_000 },
  });
  return (
    <Panel
      title="State history"
      end={<RangePicker ranges={ranges} range={range} onChange={setRange} label="Length of the history" />}
      isFlush
    >
      <div className="panel-body">
        {error ? <ErrorMessage error={error} onRetry={refetch} /> : null}
        {isPending && !error ? <SkeletonLines count={2} /> : null}
        {data ? (
          <StateStrip segments={buildStrip(data, { fromMs: untilMs - range.lengthMs, untilMs, ...now })} />
        ) : null}
      </div>
      {data && data.length > 0 ? <ChangeList changes={data.slice(0, 12)} hasNames={false} /> : null}
      {data?.length === 0 ? (
        <p className="panel-body quiet" style={{ margin: 0, paddingTop: 0 }}>
          No change in this time.
        </p>
      ) : null}
    </Panel>
  );
}

function filterOf({ hostId, serviceId }: HistoryPanelProps["of"]): Record<string, unknown> {
  return serviceId === null ? { hostId, serviceId: null } : { serviceId };
}
