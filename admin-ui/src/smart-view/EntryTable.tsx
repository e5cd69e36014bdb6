import FolderIcon from "@mui/icons-material/FolderOutlined";
import FileIcon from "@mui/icons-material/InsertDriveFileOutlined";
import LinkIcon from "@mui/icons-material/LinkOutlined";
import type { SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import type { FolderQuery } from "../providers/smart-view-provider.ts";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { formatAbsolute } from "../time/duration.ts";

type Order = Pick<FolderQuery, "sort" | "order">;

interface EntryTableProps {
  readonly entries: readonly SnapshotEntry[];
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (chosen: ReadonlySet<string>) => void;
  readonly onOpen: (entry: SnapshotEntry) => void;
  readonly fileUrl: (path: string) => string;
}

const headings = [
  { sort: "name", text: "Name" },
  { sort: "sizeBytes", text: "Size", width: 96 },
  { sort: "modifiedAtMs", text: "Modified", width: 220 },
] as const;

/** Files and folders, in rows. */
export function EntryTable({ entries, order, onOrder, chosen, onChosen, onOpen, fileUrl }: EntryTableProps) {
  const areAllChosen = entries.length > 0 && entries.every(({ path }) => chosen.has(path));
  return (
    <div className="table-wrap">
      <table className="table entries" aria-label="Entries">
        <thead>
          <tr>
            <th className="select">
              <input
                type="checkbox"
                aria-label="Choose all on this page"
                checked={areAllChosen}
                onChange={() => onChosen(areAllChosen ? new Set() : new Set(entries.map(({ path }) => path)))}
              />
            </th>
            {headings.map(({ sort, text, ...rest }) => (
              <th
                key={sort}
                scope="col"
                className={sort}
                style={"width" in rest ? { width: rest.width } : undefined}
                aria-sort={order.sort === sort ? (order.order === "asc" ? "ascending" : "descending") : "none"}
              >
                <button
                  type="button"
                  onClick={() =>
                    onOrder({ sort, order: order.sort === sort && order.order === "asc" ? "desc" : "asc" })
                  }
                >
                  {text} {order.sort === sort ? (order.order === "asc" ? "↑" : "↓") : ""}
                </button>
              </th>
            ))}
            <th scope="col" style={{ width: 96 }}>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.path} className={chosen.has(entry.path) ? "selected" : ""}>
              <td className="select">
                <input
                  type="checkbox"
                  aria-label={`Choose ${entry.name}`}
                  checked={chosen.has(entry.path)}
                  onChange={() => onChosen(toggled(chosen, entry.path))}
                />
              </td>
              <td>
                <button type="button" className="link entry-name" title={titleOf(entry)} onClick={() => onOpen(entry)}>
                  <EntryIcon type={entry.type} />
                  <span className="clip">
                    {entry.name}
                    {entry.linkTarget === null ? "" : ` → ${entry.linkTarget}`}
                  </span>
                </button>
              </td>
              <td className="number sizeBytes">{entry.sizeBytes === null ? "" : sizeText(entry.sizeBytes)}</td>
              <td className="modifiedAtMs quiet">{formatAbsolute(entry.modifiedAtMs)}</td>
              <td>
                {entry.type === "file" ? (
                  <a href={fileUrl(entry.path)} download aria-label={`Download ${entry.name}`}>
                    Download
                  </a>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {entries.length === 0 ? <p className="panel-body quiet">Nothing here.</p> : null}
    </div>
  );
}

/** What an entry is, for the eye. */
export function EntryIcon({ type }: { readonly type: SnapshotEntry["type"] }) {
  if (type === "dir") return <FolderIcon aria-hidden className="entry-icon" />;
  if (type === "symlink") return <LinkIcon aria-hidden className="entry-icon" />;
  return <FileIcon aria-hidden className="entry-icon" />;
}

function toggled(chosen: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(path)) next.add(path);
  return next;
}

function titleOf({ path, mode, user, group }: SnapshotEntry): string {
  return `${path}\n${mode} ${user} ${group}`;
}
