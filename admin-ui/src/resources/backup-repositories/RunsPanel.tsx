import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { BackupRun } from "@mycloud/protocol/backup-run";
import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { percentOf, phaseTone, runText } from "../backup-runs/run-text.ts";

/** The latest runs of one backup. */
export function RunsPanel({ repository }: { readonly repository: BackupRepository }) {
  const filter = { repositoryId: repository.id };
  const { data, error, refetch } = useGetList<BackupRun>("backup-runs", {
    pagination: { page: 1, perPage: 10 },
    sort: { field: "startedAtMs", order: "DESC" },
    filter,
  });
  const all = `/backup-runs?filter=${encodeURIComponent(JSON.stringify(filter))}`;
  return (
    <Panel title="Recent runs" end={<Link to={all}>all</Link>} isFlush>
      {data === undefined ? (
        <div className="panel-body">
          {error ? <ErrorMessage error={error} onRetry={() => void refetch()} /> : <SkeletonLines count={4} />}
        </div>
      ) : data.length === 0 ? (
        <p className="panel-body quiet">It did not run yet.</p>
      ) : (
        <div className="table-wrap">
          <table className="table auto" aria-label="Recent runs">
            <thead>
              <tr>
                <th scope="col">Began</th>
                <th scope="col">Phase</th>
                <th scope="col">What it did</th>
              </tr>
            </thead>
            <tbody>
              {data.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function RunRow({ run }: { readonly run: BackupRun }) {
  const percent = percentOf(run);
  return (
    <tr>
      <td>
        <Link className="strong" to={`/backup-runs/${run.id}/show`}>
          <RelativeTime atMs={run.startedAtMs} />
        </Link>
      </td>
      <td>
        <b className={phaseTone(run)}>{run.phase}</b>
      </td>
      <td className="wrap">
        {percent === null ? null : (
          <progress value={percent} max={100} aria-label={`${percent} % of the run on ${run.hostName}`} />
        )}{" "}
        {runText(run)}
        {run.unreadableCount === 0 ? null : (
          <span className="tone-warning">, {run.unreadableCount.toLocaleString("en")} not read</span>
        )}
      </td>
    </tr>
  );
}
