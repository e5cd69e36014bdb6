import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import type { ProblemRecord } from "../providers/types.ts";
import { Panel } from "../record/Panel.tsx";
import { ageBuckets, problemMatrix } from "../resources/problems/problem-matrix.ts";
import { StateChip } from "../state/StateChip.tsx";
import { useNow } from "../time/NowContext.tsx";

/** Unhandled problems counted by state and age: what is new stands on the left. */
export function ProblemMatrix() {
  const nowMs = useNow();
  const { data = [], total = 0 } = useGetList<ProblemRecord>("problems", {
    pagination: { page: 1, perPage: 1000 },
    sort: { field: "", order: "ASC" },
    filter: { isHandled: false },
  });
  const rows = problemMatrix(data, nowMs);
  if (rows.length === 0) return null;
  return (
    <Panel
      title="Unhandled by age"
      end={total > data.length ? <span className="quiet">worst 1,000</span> : null}
      isFlush
    >
      <table className="table auto matrix" aria-label="Unhandled problems by state and age">
        <thead>
          <tr>
            <th scope="col">State</th>
            {ageBuckets.map((bucket) => (
              <th key={bucket.key} scope="col" className="number">
                {bucket.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.state}>
              <th scope="row">
                <Link
                  to={`/problems?filter=${encodeURIComponent(JSON.stringify({ state: row.state, isHandled: false }))}`}
                >
                  <StateChip state={row.state} isHandled />
                </Link>
              </th>
              {ageBuckets.map((bucket, index) => (
                <td key={bucket.key} className="number">
                  {row.counts[index] ? <b>{row.counts[index]}</b> : <span className="quiet">·</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
