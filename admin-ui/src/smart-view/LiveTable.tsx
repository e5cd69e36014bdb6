import Button from "@mui/material/Button";
import type { LiveEntry } from "@mycloud/protocol/agent-question";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { formatAbsolute } from "../time/duration.ts";
import { EntryIcon } from "./EntryTable.tsx";

interface LiveTableProps {
  readonly entries: readonly LiveEntry[];
  /** What changed after it has no earlier version to go back to. */
  readonly lastSnapshotAtMs?: number | null;
  readonly hrefOf: (path: string) => string;
  readonly onFolder: (path: string) => void;
  readonly onRename?: (entry: LiveEntry) => void;
  readonly onDelete?: (entry: LiveEntry) => void;
  readonly onEdit?: (entry: LiveEntry) => void;
}

/** Larger ones are edited elsewhere and uploaded. */
const editableBytes = 256 * 1024;

/** Entries of a live folder and what can be done with each. */
export function LiveTable({ entries, lastSnapshotAtMs = null, ...doing }: LiveTableProps) {
  const { hrefOf, onFolder, onRename, onDelete, onEdit } = doing;
  if (entries.length === 0) return <p className="panel-body quiet">Nothing here.</p>;
  return (
    <div className="table-wrap">
      <table className="table entries" aria-label="Entries on the machine">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" style={{ width: 96 }}>
              Size
            </th>
            <th scope="col" className="modifiedAtMs" style={{ width: 220 }}>
              Modified
            </th>
            <th scope="col" style={{ width: 230 }}>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.path}>
              <td>
                {entry.type === "dir" ? (
                  <button type="button" className="link entry-name" onClick={() => onFolder(entry.path)}>
                    <EntryIcon type="dir" />
                    <span className="clip">{entry.name === "" ? entry.path : entry.name}</span>
                  </button>
                ) : (
                  <a className="entry-name" href={hrefOf(entry.path)} download>
                    <EntryIcon type={entry.type} />
                    <span className="clip">{entry.name}</span>
                    {lastSnapshotAtMs !== null && entry.changedAtMs > lastSnapshotAtMs ? (
                      <span
                        className="mark"
                        title="It has changed since the last backup: there is no copy of it as it is now"
                      >
                        not backed up yet
                      </span>
                    ) : null}
                  </a>
                )}
              </td>
              <td className="number">{entry.sizeBytes === null ? "" : sizeText(entry.sizeBytes)}</td>
              <td className="modifiedAtMs quiet">{formatAbsolute(entry.modifiedAtMs)}</td>
              <td className="row-actions">
                {onEdit && entry.isWritable && entry.type === "file" && (entry.sizeBytes ?? 0) <= editableBytes ? (
                  <Button size="small" aria-label={`Edit ${entry.name}`} onClick={() => onEdit(entry)}>
                    Edit
                  </Button>
                ) : null}
                {onRename && entry.isWritable ? (
                  <Button size="small" aria-label={`Rename ${entry.name}`} onClick={() => onRename(entry)}>
                    Rename
                  </Button>
                ) : null}
                {onDelete && entry.isWritable ? (
                  <Button
                    size="small"
                    color="error"
                    aria-label={`Delete ${entry.name}`}
                    onClick={() => onDelete(entry)}
                  >
                    Delete
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
