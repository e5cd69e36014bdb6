import CloseIcon from "@mui/icons-material/CloseOutlined";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import type { MachineSnapshot } from "@mycloud/protocol/machine";
import type { FileVersion } from "@mycloud/protocol/snapshot-view";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useMayAct } from "../providers/hooks.ts";
import { useSmartView } from "../providers/smart-view-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { BringBackDialog } from "./BringBackDialog.tsx";
import { FilePreview } from "./FilePreview.tsx";
import { momentText } from "./SnapshotPicker.tsx";
import { TextDiffView } from "./TextDiffView.tsx";

interface FilePanelProps {
  readonly repositoryId: number;
  readonly snapshot: MachineSnapshot;
  readonly path: string;
  readonly onClose: () => void;
}

const changeWords = {
  added: "appeared",
  modified: "changed",
  metadata: "same content, other owner, mode or time",
  type: "became something else",
  removed: "was deleted",
} as const satisfies Record<FileVersion["change"], string>;

/** One file through all snapshots: its versions, each to be looked at, compared and brought back. */
export function FilePanel({ repositoryId, snapshot, path, onClose }: FilePanelProps) {
  const provider = useSmartView();
  const mayAct = useMayAct();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [isBringingBack, setBringingBack] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["history", repositoryId, path],
    queryFn: ({ signal }) => provider.history({ repositoryId, snapshotId: snapshot.id, path }, signal),
  });
  // Newest first, as people look for it.
  const versions = (data?.versions ?? []).toSorted((a, b) => b.takenAtMs - a.takenAtMs);
  const chosen =
    versions.find(({ snapshotId }) => snapshotId === chosenId) ??
    versions.find(({ takenAtMs }) => takenAtMs <= snapshot.takenAtMs) ??
    versions[0];
  const older = chosen && versions[versions.indexOf(chosen) + 1];
  const place = { repositoryId, path, snapshotId: chosen?.snapshotId ?? snapshot.id };
  return (
    <Panel
      title={path.slice(path.lastIndexOf("/") + 1)}
      end={
        <>
          {chosen?.entry ? (
            <>
              <Button size="small" component="a" href={provider.fileUrl(place, true)} download>
                Download
              </Button>
              {mayAct ? (
                <Button size="small" variant="outlined" onClick={() => setBringingBack(true)}>
                  Bring back this version
                </Button>
              ) : null}
            </>
          ) : null}
          <IconButton size="small" aria-label="Close" onClick={onClose}>
            <CloseIcon />
          </IconButton>
        </>
      }
    >
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={4} />
        )
      ) : (
        <div className="file-panel">
          <ol className="versions" aria-label="Versions">
            {versions.map((version) => (
              <li key={`${version.snapshotId} ${version.change}`}>
                <button
                  type="button"
                  className="view"
                  aria-pressed={version === chosen}
                  onClick={() => setChosenId(version.snapshotId)}
                >
                  <b>{momentText(version.takenAtMs)}</b> {changeWords[version.change]}
                  {version.entry?.sizeBytes == null ? "" : `, ${sizeText(version.entry.sizeBytes)}`}
                </button>
              </li>
            ))}
            {data.isTruncated ? <li className="quiet">There are more, older ones.</li> : null}
          </ol>
          <div className="stack">
            {chosen?.entry ? <FilePreview place={place} entry={chosen.entry} /> : <p>It was deleted here.</p>}
            {chosen?.entry && older?.entry && chosen.change === "modified" ? (
              <TextDiffView from={{ ...place, snapshotId: older.snapshotId }} to={place} />
            ) : null}
          </div>
        </div>
      )}
      {isBringingBack && chosen ? (
        <BringBackDialog
          repositoryId={repositoryId}
          snapshot={{ id: chosen.snapshotId, takenAtMs: chosen.takenAtMs }}
          paths={[path]}
          kind="checkout"
          onClose={() => setBringingBack(false)}
        />
      ) : null}
    </Panel>
  );
}
