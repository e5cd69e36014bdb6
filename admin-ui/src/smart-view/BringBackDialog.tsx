import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControlLabel from "@mui/material/FormControlLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import type { MachineSnapshot } from "@mycloud/protocol/machine";
import type { RestoreKind, RestoreRequest, RestoreRun } from "@mycloud/protocol/restore-run";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useSmartView } from "../providers/smart-view-provider.ts";
import { RestoreProgress } from "./RestoreProgress.tsx";
import { isOver } from "./restore-text.ts";
import { momentText } from "./SnapshotPicker.tsx";

interface BringBackDialogProps {
  readonly repositoryId: number;
  readonly snapshot: Pick<MachineSnapshot, "id" | "takenAtMs">;
  /** None: all of it. */
  readonly paths: readonly string[];
  readonly kind: RestoreKind;
  readonly onClose: () => void;
}

const ways = [
  { kind: "checkout", text: "Put it back where it was; what changed since is not overwritten" },
  { kind: "rollback", text: "Make it equal to the snapshot; a snapshot of how it is now is taken first" },
  { kind: "restore", text: "Put it into another folder of the machine" },
] as const satisfies readonly { kind: RestoreKind; text: string }[];

/** Brings files back in two steps: first the plan, which changes nothing, then the deed. */
export function BringBackDialog({ repositoryId, snapshot, paths, kind: first, onClose }: BringBackDialogProps) {
  const provider = useSmartView();
  const titleId = useId();
  const [kind, setKind] = useState<RestoreKind>(first);
  const [target, setTarget] = useState("");
  const [runId, setRunId] = useState<number | null>(null);
  const { data: run } = useQuery({
    queryKey: ["restore-runs", runId],
    queryFn: ({ signal }) => provider.restoreRun(runId ?? 0, signal),
    enabled: runId !== null,
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data) ? false : 1_000),
  });
  const begin = useMutation({
    mutationFn: (change: Pick<RestoreRequest, "isDryRun" | "isForced">) =>
      provider.bringBack(repositoryId, {
        kind,
        snapshotId: snapshot.id,
        paths: [...paths],
        targetDirectory: kind === "restore" ? target.trim() : null,
        ...change,
      }),
    onSuccess: ({ id }) => setRunId(id),
  });
  const isUnderWay = begin.isPending || (runId !== null && (run === undefined || !isOver(run)));
  const startAgain = () => {
    setRunId(null);
    begin.reset();
  };
  const subject = paths.length === 0 ? "everything" : paths.length === 1 ? (paths[0] ?? "") : `${paths.length} entries`;
  return (
    <Dialog open onClose={onClose} aria-labelledby={titleId} maxWidth="sm" fullWidth>
      <DialogTitle id={titleId}>Bring back {subject}</DialogTitle>
      <DialogContent>
        <p className="quiet">As it was on {momentText(snapshot.takenAtMs)}.</p>
        {runId === null ? (
          <>
            <RadioGroup
              aria-label="How"
              value={kind}
              onChange={(_, value) => setKind(ways.find((way) => way.kind === value)?.kind ?? first)}
            >
              {ways.map((way) => (
                <FormControlLabel key={way.kind} value={way.kind} control={<Radio size="small" />} label={way.text} />
              ))}
            </RadioGroup>
            {kind === "restore" ? (
              <TextField
                label="Folder on the machine"
                value={target}
                required
                placeholder="/home/anna/restored"
                onChange={(event) => setTarget(event.target.value)}
              />
            ) : null}
          </>
        ) : run === undefined ? (
          <p role="status">The machine is being asked…</p>
        ) : (
          <RestoreProgress run={run} />
        )}
        {begin.error ? (
          <p className="tone-critical wrap" role="alert">
            {begin.error.message}
          </p>
        ) : null}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{run && isOver(run) && run.phase !== "planned" ? "Close" : "Cancel"}</Button>
        {runId === null ? (
          <Button
            variant="contained"
            disabled={begin.isPending || (kind === "restore" && !target.trim().startsWith("/"))}
            onClick={() => begin.mutate({ isDryRun: true, isForced: false })}
          >
            Show what would be done
          </Button>
        ) : (
          <NextStep
            run={run}
            isUnderWay={isUnderWay}
            onDo={(isForced) => begin.mutate({ isDryRun: false, isForced })}
            onStop={() => void provider.cancelRestore(runId)}
            onBack={startAgain}
          />
        )}
      </DialogActions>
    </Dialog>
  );
}

interface NextStepProps {
  readonly run: RestoreRun | undefined;
  readonly isUnderWay: boolean;
  readonly onDo: (isForced: boolean) => void;
  readonly onStop: () => void;
  readonly onBack: () => void;
}

function NextStep({ run, isUnderWay, onDo, onStop, onBack }: NextStepProps) {
  if (isUnderWay || run === undefined) return <Button onClick={onStop}>Stop</Button>;
  const { plan, phase, request } = run;
  if (phase === "planned" && plan !== null) {
    if (plan.creates + plan.replaces + plan.removes + plan.metadata + plan.conflicts === 0) return null;
    if (plan.conflicts === 0) {
      return (
        <Button variant="contained" onClick={() => onDo(false)}>
          {request.kind === "rollback" ? "Roll back" : "Bring back"}
        </Button>
      );
    }
  }
  if ((phase === "planned" || phase === "conflicts") && request.kind === "checkout") {
    return (
      <Button variant="contained" color="error" onClick={() => onDo(true)}>
        Overwrite what changed
      </Button>
    );
  }
  return phase === "done" ? null : <Button onClick={onBack}>Try again</Button>;
}
