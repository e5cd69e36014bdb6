import Button from "@mui/material/Button";
import type { BackupMaintenanceRun } from "@mycloud/protocol/backup-maintenance";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { Stored } from "@mycloud/protocol/definition";
import { useGetList, useGetOne } from "react-admin";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useMayAccess, useMayAct } from "../../providers/hooks.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { retentionText } from "../backup-policies/policy-text.ts";
import { maintainHindrance, maintenanceText } from "./repository-text.ts";
import { useRepositoryVerb } from "./useRepositoryVerb.ts";

interface RepositoryProps {
  readonly repository: BackupRepository;
}

const kindWords = {
  retention: "Forgot and pruned",
  hold: "Held all snapshots",
  release: "Released them",
  examine: "Looked at damage",
} as const satisfies Record<BackupMaintenanceRun["kind"], string>;

const phaseTones = {
  running: "quiet",
  done: "tone-ok",
  failed: "tone-critical",
} as const satisfies Record<BackupMaintenanceRun["phase"], string>;

/** What is kept, what was forgotten and pruned of late, and a button for doing it now. */
export function RetentionPanel({ repository }: RepositoryProps) {
  const mayAct = useMayAct();
  const maintain = useRepositoryVerb(repository, "maintain", "It is forgotten and pruned by the policy in a moment");
  const hindrance = maintainHindrance(repository);
  return (
    <Panel
      title="What is kept"
      end={
        mayAct && hindrance === null ? (
          <Button size="small" variant="outlined" disabled={maintain.isPending} onClick={() => maintain.mutate()}>
            Forget and prune now
          </Button>
        ) : null
      }
    >
      <div className="stack">
        <PolicyFacts repository={repository} />
        {hindrance === null ? null : (
          <p className="quiet" style={{ margin: 0 }}>
            {hindrance}
          </p>
        )}
        <MaintenanceRuns repository={repository} />
      </div>
    </Panel>
  );
}

/** The policy's own words, for those who may read policies; the others are told its name. */
function PolicyFacts({ repository: { policyId, policyName } }: RepositoryProps) {
  const mayRead = useMayAccess("show", "backup-policies");
  const { data: policy } = useGetOne<Stored<"BackupPolicy">>(
    "backup-policies",
    { id: policyId ?? 0 },
    { enabled: mayRead && policyId !== null, retry: false },
  );
  return (
    <Facts
      facts={[
        [
          "Policy",
          mayRead && policyId !== null ? (
            <Link key="policy" to={`/backup-policies/${policyId}/show`}>
              {policyName}
            </Link>
          ) : (
            policyName
          ),
        ],
        ...(policy === undefined ? [] : [["Snapshots kept", retentionText(policy.retention)] as const]),
      ]}
    />
  );
}

function MaintenanceRuns({ repository: { id } }: RepositoryProps) {
  const { data, error, refetch } = useGetList<BackupMaintenanceRun>("backup-maintenance-runs", {
    pagination: { page: 1, perPage: 8 },
    sort: { field: "startedAtMs", order: "DESC" },
    filter: { repositoryId: id },
  });
  if (data === undefined)
    return error ? <ErrorMessage error={error} onRetry={() => void refetch()} /> : <SkeletonLines count={3} />;
  if (data.length === 0) return <p className="quiet">Nothing was done to it yet.</p>;
  return (
    <ul className="plain-list stack" aria-label="What was done to it">
      {data.map((run) => (
        <li key={run.id} className="wrap">
          <b className={phaseTones[run.phase]}>{kindWords[run.kind]}</b> <RelativeTime atMs={run.startedAtMs} />
          <div className="quiet">{maintenanceText(run)}</div>
        </li>
      ))}
    </ul>
  );
}
