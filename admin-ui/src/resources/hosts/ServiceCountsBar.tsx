import type { Host } from "@mycloud/protocol/host";
import { StateIcon } from "../../state/StateIcon.tsx";

const states = [
  ["critical", "CRITICAL"],
  ["unknown", "UNKNOWN"],
  ["warning", "WARNING"],
  ["stale", "STALE"],
  ["pending", "PENDING"],
  ["ok", "OK"],
] as const;

/** A host's services counted by state, the worst first; zeros are left out. */
export function ServiceCountsBar({ counts }: { counts: Host["serviceCounts"] }) {
  if (counts.total === 0) return <span className="quiet">none yet</span>;
  return (
    <span className="row" style={{ gap: 9 }}>
      {states.map(([key, state]) =>
        counts[key] > 0 ? (
          <span key={key} className="row" style={{ gap: 3 }} title={`${counts[key]} ${state}`}>
            <StateIcon state={state} size={14} title={state} />
            {counts[key]}
          </span>
        ) : null,
      )}
    </span>
  );
}
