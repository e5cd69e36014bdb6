import Button from "@mui/material/Button";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { ChoiceFilter, TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { useMayAct } from "../../providers/hooks.ts";
import { StateChip } from "../../state/StateChip.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { objectiveText, shareText } from "../backup-policies/policy-text.ts";
import { sizeText } from "../backup-runs/run-text.ts";
import { BackupActions } from "./BackupActions.tsx";

const repositoryPath = ({ id }: BackupRepository) => `/backup-repositories/${id}/show`;

const columns: readonly Column<BackupRepository>[] = [
  {
    key: "host",
    label: "Host",
    sortBy: "hostName",
    render: (repository) => (
      <>
        <Link
          className="strong clip"
          to={repositoryPath(repository)}
          title={repository.hostId === null ? "the host was deleted; its backups are kept" : undefined}
        >
          {repository.hostName}
        </Link>
        {repository.frozenAtMs === null ? null : (
          <span className="mark" title={repository.frozenReason ?? undefined}>
            <b className="tone-critical">frozen</b>
          </span>
        )}
        {repository.isPaused ? <span className="mark">paused</span> : null}
      </>
    ),
  },
  {
    key: "policy",
    label: "Policy",
    sortBy: "policyName",
    width: "10%",
    render: (repository) => <span className="clip">{repository.policyName}</span>,
  },
  {
    key: "freshness",
    label: "Freshness",
    width: 118,
    render: (repository) =>
      repository.freshness === "none" ? (
        <span className="quiet">{repository.isAssigned ? "no objective" : "not in use"}</span>
      ) : (
        <StateChip state={repository.freshness} />
      ),
  },
  {
    key: "snapshot",
    label: "Newest snapshot",
    sortBy: "lastSnapshotAtMs",
    width: 122,
    render: (repository) =>
      repository.lastSnapshotAtMs === null ? (
        <span className="quiet">none yet</span>
      ) : (
        <RelativeTime atMs={repository.lastSnapshotAtMs} />
      ),
  },
  {
    key: "objective",
    label: "RPO",
    width: 106,
    narrow: "hide",
    render: (repository) => (
      <span className="quiet" title="Share of the last 30 days within the objective">
        {objectiveText(repository.rpoSeconds)}
        {repository.withinRpoShare === null ? "" : `, ${shareText(repository.withinRpoShare)}`}
      </span>
    ),
  },
  {
    key: "drill",
    label: "Restore tried",
    width: 116,
    narrow: "hide",
    render: (repository) => <DrillCell repository={repository} />,
  },
  {
    key: "verified",
    label: "Read again",
    width: 96,
    narrow: "hide",
    render: ({ damaged, scrubbedAtMs }) =>
      damaged.length > 0 ? (
        <b className="tone-critical">{damaged.length} damaged</b>
      ) : (
        <RelativeTime atMs={scrubbedAtMs} never="not yet" />
      ),
  },
  {
    key: "used",
    label: "Stored",
    width: 84,
    narrow: "hide",
    render: ({ usedBytes }) => (usedBytes === null ? "" : sizeText(usedBytes)),
  },
  {
    key: "run",
    label: "Last run",
    width: 98,
    narrow: "hide",
    render: (repository) =>
      repository.lastRunId === null ? (
        <span className="quiet">none yet</span>
      ) : (
        <Link to={`/backup-runs/${repository.lastRunId}/show`}>{repository.lastRunPhase}</Link>
      ),
  },
];

/** When a restore was tried last, whether it came back right, and whether all of it would come back in time. */
function DrillCell({ repository: { drill, rtoSeconds } }: { readonly repository: BackupRepository }) {
  if (drill === null) return <span className="quiet">not yet</span>;
  if (drill.faultCount > 0) return <b className="tone-critical">{drill.faultCount} came back wrong</b>;
  const isLate = rtoSeconds !== null && drill.rtoSeconds > rtoSeconds;
  return (
    <span title={`all of it within ${objectiveText(Math.ceil(drill.rtoSeconds))}`}>
      <RelativeTime atMs={drill.finishedAtMs} />
      {isLate ? <b className="tone-warning"> too slow</b> : null}
    </span>
  );
}

/** Every host and policy, with what was promised and whether it holds. */
export function BackupRepositoryList() {
  const mayAct = useMayAct();
  return (
    <ListPage<BackupRepository>
      title="Backups"
      subtitle="A repository for each host and policy"
      columns={columns}
      sort={{ field: "hostName", order: "ASC" }}
      actions={
        <Button component={Link} to="/backup-report" variant="outlined">
          Report
        </Button>
      }
      defaultFilter={{ isAssigned: true }}
      views={[
        { name: "In use", filter: { isAssigned: true } },
        { name: "Left over", filter: { isAssigned: false } },
        { name: "All", filter: {} },
      ]}
      filters={
        <>
          <TextFilter source="q" label="Words" />
          <TextFilter source="policyName" label="Policy" width={130} />
          <ChoiceFilter
            label="Key"
            choices={[
              { text: "Any key", filter: {} },
              { text: "managed", filter: { keyMode: "managed" } },
              { text: "private", filter: { keyMode: "private" } },
            ]}
          />
        </>
      }
      rowPath={repositoryPath}
      bulkActions={mayAct ? (chosen, onDone) => <BackupActions repositories={chosen} onDone={onDone} /> : undefined}
      empty={
        <Message title="No host is backed up yet">
          <p>
            Apply a <Link to="/backup-policies">backup policy</Link>: each host that it matches gets a repository.
          </p>
        </Message>
      }
    />
  );
}
