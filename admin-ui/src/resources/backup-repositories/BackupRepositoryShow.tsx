import Button from "@mui/material/Button";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { ShowBase, useShowContext } from "react-admin";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useMayAccess, useMayAct } from "../../providers/hooks.ts";
import { StateChip } from "../../state/StateChip.tsx";
import { BackupActions } from "./BackupActions.tsx";
import { DrillPanel } from "./DrillPanel.tsx";
import { FreshnessPanel } from "./FreshnessPanel.tsx";
import { FrozenNotice } from "./FrozenNotice.tsx";
import { PlacePanel } from "./PlacePanel.tsx";
import { RecoveryKitButton } from "./RecoveryKitButton.tsx";
import { RetentionPanel } from "./RetentionPanel.tsx";
import { RunsPanel } from "./RunsPanel.tsx";
import { VerifyPanel } from "./VerifyPanel.tsx";

/** What the storage server tells (use, scrubs) has no event of its own. */
const askAgain = { refetchInterval: 30_000 };

/** One backup: what was promised and whether it holds, and what can be done about it. */
export function BackupRepositoryShow() {
  return (
    <ShowBase<BackupRepository> queryOptions={askAgain}>
      <BackupRepositoryPage />
    </ShowBase>
  );
}

function BackupRepositoryPage() {
  const { record: repository, error, refetch } = useShowContext<BackupRepository>();
  const mayAct = useMayAct();
  const maySeeKey = useMayAccess("recover", "backup-repositories");
  if (error && !repository) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!repository) return <SkeletonLines count={8} />;
  const { policyName, hostName, hostId, isAssigned, freshness } = repository;
  return (
    <>
      <PageHeader
        title={`${policyName} on ${hostName}`}
        mark={freshness === "none" ? null : <StateChip state={freshness} />}
        subtitle={subtitleOf(repository)}
        actions={
          <>
            {mayAct && isAssigned && hostId !== null ? (
              <BackupActions repositories={[repository]} onDone={refetch} />
            ) : null}
            {maySeeKey ? <RecoveryKitButton repository={repository} /> : null}
            {hostId === null ? null : (
              <Button component={Link} to={`/hosts/${hostId}/show`} variant="outlined">
                Host
              </Button>
            )}
          </>
        }
      />
      <FrozenNotice repository={repository} />
      <div className="columns">
        <div className="stack">
          <FreshnessPanel repository={repository} />
          <VerifyPanel repository={repository} />
          <RunsPanel repository={repository} />
        </div>
        <div className="stack">
          <DrillPanel repository={repository} />
          <PlacePanel repository={repository} />
          <RetentionPanel repository={repository} />
        </div>
      </div>
    </>
  );
}

function subtitleOf({ isAssigned, isPaused }: BackupRepository): string {
  if (!isAssigned) return "A backup that no policy writes to any more; it is kept as it is";
  return isPaused ? "A backup that somebody paused: nothing is backed up until it is resumed" : "A backup in use";
}
