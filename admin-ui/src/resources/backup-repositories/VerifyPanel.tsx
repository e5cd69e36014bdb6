import Button from "@mui/material/Button";
import type { DamagedObject } from "@mycloud/protocol/backup-maintenance";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { Link } from "react-router-dom";
import { useMayAct } from "../../providers/hooks.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { FileLink } from "./DrillPanel.tsx";
import { snapshotPath } from "./repository-text.ts";
import { useRepositoryVerb } from "./useRepositoryVerb.ts";

interface RepositoryProps {
  readonly repository: BackupRepository;
}

/** When every byte was read again, and what is damaged. */
export function VerifyPanel({ repository }: RepositoryProps) {
  const { scrubbedAtMs, damaged, keyMode } = repository;
  const mayAct = useMayAct();
  const scrub = useRepositoryVerb(repository, "scrub", "The storage server reads everything again");
  return (
    <Panel
      title="Read again"
      end={
        mayAct ? (
          <Button size="small" variant="outlined" disabled={scrub.isPending} onClick={() => scrub.mutate()}>
            Read everything again now
          </Button>
        ) : null
      }
    >
      <div className="stack">
        <Facts
          facts={[
            ["Every byte read", <RelativeTime key="read" atMs={scrubbedAtMs} never="not yet" />],
            [
              "Damaged",
              damaged.length === 0 ? (
                <span key="none" className={scrubbedAtMs === null ? undefined : "tone-ok"}>
                  nothing is known to be
                </span>
              ) : (
                <b key="some" className="tone-critical">
                  {damaged.length} {damaged.length === 1 ? "object" : "objects"}
                </b>
              ),
            ],
          ]}
        />
        {damaged.length === 0 ? null : (
          <>
            <p className="hint">
              The next backup stores again what the machine still has. What it has no more is lost from these snapshots.
              {keyMode === "private"
                ? " Which files are hit is not known here: only the host has the key of this backup."
                : ""}
            </p>
            <ul className="plain-list stack" aria-label="Damaged objects">
              {damaged.map((object) => (
                <Damage key={object.object} repository={repository} damage={object} />
              ))}
            </ul>
          </>
        )}
      </div>
    </Panel>
  );
}

function Damage({ repository, damage }: RepositoryProps & { readonly damage: DamagedObject }) {
  const { object, reason, foundAtMs, files, fileCount, snapshots } = damage;
  return (
    <li className="notice bad">
      <div className="wrap">
        <code className="mono">{shortObject(object)}</code>, <RelativeTime atMs={foundAtMs} />: {reason}
      </div>
      {fileCount === 0 ? null : (
        <>
          <div>
            {fileCount.toLocaleString("en")} {fileCount === 1 ? "file is" : "files are"} hit:
          </div>
          <ul className="told">
            {files.map(({ snapshotId, path }) => (
              <li key={`${snapshotId} ${path}`} className="wrap">
                <FileLink repository={repository} snapshotId={snapshotId} path={path} />{" "}
                <span className="quiet">
                  of <code className="mono">{snapshotId.slice(0, 8)}</code>
                </span>
              </li>
            ))}
            {fileCount > files.length ? <li className="quiet">and {fileCount - files.length} more</li> : null}
          </ul>
        </>
      )}
      {snapshots.length === 0 ? null : (
        <div className="wrap">
          In the snapshots{" "}
          {snapshots.map((id, at) => (
            <span key={id}>
              {at === 0 ? "" : ", "}
              <SnapshotLink repository={repository} snapshotId={id} />
            </span>
          ))}
        </div>
      )}
    </li>
  );
}

function SnapshotLink({ repository, snapshotId }: RepositoryProps & { readonly snapshotId: string }) {
  const path = snapshotPath(repository, snapshotId);
  const shortId = snapshotId.slice(0, 8);
  if (path === null) return <code className="mono">{shortId}</code>;
  return (
    <Link className="mono" to={path}>
      {shortId}
    </Link>
  );
}

/** `data/ab12cd34ef56…`: enough of a name to find it on the server. */
function shortObject(object: string): string {
  const end = object.indexOf("/") + 13;
  return object.length > end ? `${object.slice(0, end)}…` : object;
}
