import type { BackupRun } from "@mycloud/protocol/backup-run";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { percentOf, phaseTone, runText } from "./run-text.ts";

const runPath = (run: BackupRun) => `/backup-runs/${run.id}/show`;

const columns: readonly Column<BackupRun>[] = [
  {
    key: "started",
    label: "Began",
    sortBy: "startedAtMs",
    width: 112,
    render: (run) => <RelativeTime atMs={run.startedAtMs} />,
  },
  {
    key: "host",
    label: "Host",
    sortBy: "hostName",
    width: "18%",
    render: (run) => (
      <Link className="strong clip" to={runPath(run)}>
        {run.hostName}
      </Link>
    ),
  },
  {
    key: "policy",
    label: "Policy",
    sortBy: "policyName",
    width: "14%",
    render: (run) => <span className="clip">{run.policyName}</span>,
  },
  {
    key: "phase",
    label: "Phase",
    sortBy: "phase",
    width: 124,
    render: (run) => <b className={phaseTone(run)}>{run.phase}</b>,
  },
  {
    key: "what",
    label: "What it did",
    narrow: "full",
    render: (run) => <RunSummary run={run} />,
  },
  {
    key: "unreadable",
    label: "Not read",
    sortBy: "unreadableCount",
    width: 96,
    isNumber: true,
    narrow: "hide",
    render: (run) => (run.unreadableCount === 0 ? <span className="quiet">0</span> : run.unreadableCount),
  },
];

function RunSummary({ run }: { run: BackupRun }) {
  const percent = percentOf(run);
  return (
    <span className="clip" title={run.progress?.currentPaths[0] ?? run.message ?? ""}>
      {percent === null ? null : (
        <progress value={percent} max={100} aria-label={`${percent} % of the run on ${run.hostName}`} />
      )}{" "}
      {runText(run)}
    </span>
  );
}

/** Every run, newest first; those under way move as their agents tell of them. */
export function BackupRunList() {
  return (
    <ListPage<BackupRun>
      title="Backup runs"
      columns={columns}
      sort={{ field: "startedAtMs", order: "DESC" }}
      views={[
        { name: "All", filter: {} },
        { name: "Under way", filter: { isUnderWay: true } },
        { name: "Failed", filter: { phase: "failed" } },
      ]}
      filters={
        <>
          <TextFilter source="q" label="Words" />
          <TextFilter source="hostName" label="Host" width={130} />
        </>
      }
      rowPath={runPath}
      empty={
        <Message title="Nothing was backed up yet">
          <p>
            A <Link to="/backup-policies">policy</Link> backs the hosts up that it matches, the first time as soon as
            they are enrolled.
          </p>
        </Message>
      }
    />
  );
}
