import Button from "@mui/material/Button";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { Machine, MachineSnapshot } from "@mycloud/protocol/machine";
import { useState } from "react";
import { Link } from "react-router-dom";
import { useMayAct } from "../providers/hooks.ts";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { BringBackDialog } from "./BringBackDialog.tsx";
import { HoldDialog, NoteDialog } from "./SnapshotDialogs.tsx";
import { dayText, momentText } from "./SnapshotPicker.tsx";
import { writeAddress } from "./view-address.ts";

interface SnapshotFactsProps {
  readonly repository: BackupRepository;
  readonly machine: Machine;
  readonly snapshot: MachineSnapshot;
  readonly previous: MachineSnapshot | undefined;
  /** A dialog about it opens: it is to stay, whatever is newer meanwhile. */
  readonly onStay: () => void;
}

/** What is known of a snapshot, and what can be done with all of it. */
export function SnapshotFacts({ repository, machine, snapshot, previous, onStay }: SnapshotFactsProps) {
  const [open, setOpen] = useState<"hold" | "note" | "rollback" | null>(null);
  const mayAct = useMayAct();
  const close = () => setOpen(null);
  const show = (what: "hold" | "note" | "rollback") => {
    onStay();
    setOpen(what);
  };
  const place = { repositoryId: repository.id, snapshotId: snapshot.id };
  const compare = new URLSearchParams(
    writeAddress({ repositoryId: repository.id, snapshotId: snapshot.id, path: null, file: null }),
  );
  return (
    <section className="panel snapshot-facts" aria-label="This snapshot">
      <div className="wrap">
        <b>{momentText(snapshot.takenAtMs)}</b> <span className="quiet">{factsText(snapshot)}</span>
        {snapshot.labels.map((label) => (
          <span key={label} className="mark">
            {label}
          </span>
        ))}
        {snapshot.hold === null ? null : (
          <p>
            Kept{snapshot.hold.untilMs === null ? "" : ` until ${dayText(snapshot.hold.untilMs)}`}:{" "}
            {snapshot.hold.reason}
          </p>
        )}
        {snapshot.note === "" ? null : <p className="wrap">{snapshot.note}</p>}
      </div>
      <div className="row">
        {previous === undefined ? null : (
          <Button component={Link} size="small" to={`/machines/${machine.id}/compare?${compare}`}>
            What changed
          </Button>
        )}
        {mayAct ? (
          <>
            <Button size="small" onClick={() => show("hold")}>
              {snapshot.hold === null ? "Keep this one" : "Keep no longer"}
            </Button>
            <Button size="small" onClick={() => show("note")}>
              Note
            </Button>
            <Button size="small" variant="outlined" onClick={() => show("rollback")}>
              Roll back to this
            </Button>
          </>
        ) : null}
      </div>
      {open === "hold" ? <HoldDialog place={place} snapshot={snapshot} onClose={close} /> : null}
      {open === "note" ? <NoteDialog place={place} snapshot={snapshot} onClose={close} /> : null}
      {open === "rollback" ? (
        <BringBackDialog repositoryId={repository.id} snapshot={snapshot} paths={[]} kind="rollback" onClose={close} />
      ) : null}
    </section>
  );
}

function factsText({ filesNew, filesChanged, totalBytes, unreadableCount }: MachineSnapshot): string {
  const parts = [
    ...(filesNew === null ? [] : [`${filesNew.toLocaleString("en")} new`]),
    ...(filesChanged === null ? [] : [`${filesChanged.toLocaleString("en")} changed`]),
    ...(totalBytes === null ? [] : [`${sizeText(totalBytes)} in all`]),
    ...(unreadableCount === 0 ? [] : [`${unreadableCount.toLocaleString("en")} could not be read`]),
  ];
  return parts.join(", ");
}
