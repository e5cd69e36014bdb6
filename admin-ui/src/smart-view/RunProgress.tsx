import LinearProgress from "@mui/material/LinearProgress";
import type { BackupRun } from "@mycloud/protocol/backup-run";
import { percentOf, runText } from "../resources/backup-runs/run-text.ts";

/** A backup under way: how far, how fast, how long still, and where it is. */
export function RunProgress({ run }: { readonly run: BackupRun }) {
  const percent = percentOf(run);
  const where = run.progress?.currentPaths[0];
  return (
    <div className="run-progress">
      <LinearProgress
        aria-label="Backup under way"
        {...(percent === null ? {} : { variant: "determinate", value: percent })}
      />
      <p className="quiet">
        {percent === null ? "" : `${percent} %, `}
        {runText(run)}
      </p>
      {where === undefined ? null : <p className="quiet mono clip">{where}</p>}
    </div>
  );
}
