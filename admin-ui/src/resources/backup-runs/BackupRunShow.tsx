import Button from "@mui/material/Button";
import type { BackupRunDetail } from "@mycloud/protocol/backup-run";
import { ShowBase, useNotify, useShowContext } from "react-admin";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useConsole, useMayAct } from "../../providers/hooks.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { formatAbsolute } from "../../time/duration.ts";
import { phaseTone, runText, sizeText } from "./run-text.ts";

export function BackupRunShow() {
  return (
    <ShowBase<BackupRunDetail>>
      <BackupRunPage />
    </ShowBase>
  );
}

function BackupRunPage() {
  const { record: run, error, refetch } = useShowContext<BackupRunDetail>();
  if (error && !run) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!run) return <SkeletonLines />;
  return (
    <>
      <PageHeader
        title={`${run.policyName} on ${run.hostName}`}
        subtitle={`Backup run of ${formatAbsolute(run.startedAtMs)}, begun by ${run.trigger}`}
        actions={
          <>
            <Button component={Link} to={`/backup-repositories/${run.repositoryId}/show`} variant="outlined">
              This backup
            </Button>
            {run.finishedAtMs === null ? <CancelButton run={run} /> : null}
          </>
        }
      />
      <div className="stack">
        <Panel title="How it went">
          <Facts
            facts={[
              [
                "Phase",
                <b key="phase" className={phaseTone(run)}>
                  {run.phase}
                </b>,
              ],
              ["What it did", runText(run)],
              ["Now at", run.progress?.currentPaths[0]],
              ["Message", run.message],
              ["Took", run.durationSeconds === null ? null : `${run.durationSeconds.toFixed(1)} s`],
              ["Snapshots", run.snapshots.map(({ id, source }) => `${id.slice(0, 8)} (${source})`).join(", ")],
            ]}
          />
        </Panel>
        <Panel title="Figures">
          <Facts
            facts={[
              ["Files", filesText(run)],
              ["Size", sizeText(run.figures.totalBytes ?? 0)],
              ["Added", sizeText(run.figures.dataAddedBytes ?? 0)],
              ["Added as stored", sizeText(run.figures.dataAddedPackedBytes ?? 0)],
              [
                "There already",
                run.deduplicationRatio === null ? null : `${(run.deduplicationRatio * 100).toFixed(1)} %`,
              ],
              ["Compressed to", run.compressionRatio === null ? null : `1 : ${run.compressionRatio.toFixed(2)}`],
            ]}
          />
        </Panel>
        <Panel title={`Not read: ${run.unreadableCount}`} isFlush>
          {run.errors.length === 0 ? (
            <p className="panel-body quiet">Everything was read.</p>
          ) : (
            <table className="table" aria-label="Entries that could not be read">
              <thead>
                <tr>
                  <th scope="col">Entry</th>
                  <th scope="col" style={{ width: "14%" }}>
                    During
                  </th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {run.errors.map(({ item, during, message }) => (
                  <tr key={`${item} ${during} ${message}`}>
                    <td className="mono">{item}</td>
                    <td>{during}</td>
                    <td>{message}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Panel>
      </div>
    </>
  );
}

function filesText({ figures }: BackupRunDetail): string {
  const { filesNew = 0, filesChanged = 0, filesUnmodified = 0 } = figures;
  return `${filesNew} new, ${filesChanged} changed, ${filesUnmodified} unmodified`;
}

function CancelButton({ run }: { run: BackupRunDetail }) {
  const provider = useConsole();
  const notify = useNotify();
  if (!useMayAct()) return null;
  const cancel = () =>
    provider.cancelBackupRun(run.id).then(
      () => notify("The agent was asked to end the run", { type: "success" }),
      (error: unknown) => notify(error instanceof Error ? error.message : "That failed", { type: "error" }),
    );
  return (
    <Button variant="outlined" onClick={() => void cancel()}>
      Cancel run
    </Button>
  );
}
