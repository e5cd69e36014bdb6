import { Link } from "react-router-dom";
import { FilePanel } from "./FilePanel.tsx";
import { FolderPanel } from "./FolderPanel.tsx";
import type { TabProps } from "./MachinePage.tsx";
import { SnapshotFacts } from "./SnapshotFacts.tsx";
import { SnapshotPicker } from "./SnapshotPicker.tsx";
import { commonFolder } from "./view-address.ts";

/** A snapshot, chosen by day, as folders. */
export function FilesTab({ machine, repository, snapshots, address, goTo }: TabProps) {
  const chosen = snapshots.find(({ id }) => id === address.snapshotId) ?? snapshots.at(-1);
  if (chosen === undefined) return null;
  const stay = () => goTo({ snapshotId: chosen.id });
  const path = address.path ?? commonFolder(chosen.paths);
  return (
    <div className="stack">
      <SnapshotPicker snapshots={snapshots} chosen={chosen} onChoose={({ id }) => goTo({ snapshotId: id })} />
      <SnapshotFacts
        key={chosen.id}
        repository={repository}
        machine={machine}
        snapshot={chosen}
        previous={snapshots[snapshots.indexOf(chosen) - 1]}
        onStay={stay}
      />
      <FolderPanel
        key={`${chosen.id} ${path}`}
        repository={repository}
        snapshot={chosen}
        path={path}
        onFolder={(to) => goTo({ path: to, file: null })}
        onFile={(file) => goTo({ path, file })}
        onStay={stay}
      />
      <p className="hint">
        Is something missing that was there once? Choose an earlier snapshot above, or{" "}
        <Link to={`/machines/${machine.id}/search?repository=${repository.id}`}>look for its name in all of them</Link>.
        What you find you can download, or bring back to the machine.
      </p>
      {address.file === null ? null : (
        <FilePanel
          key={address.file}
          repositoryId={repository.id}
          snapshot={chosen}
          path={address.file}
          onClose={() => goTo({ file: null })}
        />
      )}
    </div>
  );
}
