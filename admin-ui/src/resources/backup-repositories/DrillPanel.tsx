import Button from "@mui/material/Button";
import type { AgentCommand } from "@mycloud/protocol/agent";
import type { BackupDrill } from "@mycloud/protocol/backup-drill";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { useConsole, useMayAct } from "../../providers/hooks.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { formatDuration } from "../../time/duration.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { objectiveText } from "../backup-policies/policy-text.ts";
import { drillText, measuredText, snapshotPath } from "./repository-text.ts";

interface RepositoryProps {
  readonly repository: BackupRepository;
}

const pollMs = 2_000;
const isUnderWay = (command: AgentCommand | undefined) => command?.phase === "queued" || command?.phase === "delivered";

/** The newest trial restore, and a button for another. */
export function DrillPanel({ repository }: RepositoryProps) {
  const { drill, id } = repository;
  const provider = useConsole();
  const mayAct = useMayAct();
  const queries = useQueryClient();
  const ask = useMutation({
    mutationFn: () => provider.commandBackup(id, "drill"),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["backup-repositories"] }),
  });
  const asked = ask.data;
  const { data: command = asked } = useQuery({
    queryKey: ["agent-commands", asked?.id],
    enabled: asked !== undefined,
    queryFn: () => provider.agentCommand(asked?.id ?? 0),
    refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data) ? pollMs : false),
  });
  const mayTry = mayAct && repository.isAssigned && repository.hostId !== null;
  return (
    <Panel
      title="Restore tried"
      end={
        mayTry ? (
          <Button
            size="small"
            variant="outlined"
            disabled={ask.isPending || isUnderWay(command)}
            onClick={() => ask.mutate()}
          >
            Try a restore now
          </Button>
        ) : null
      }
    >
      <div className="stack">
        <div aria-live="polite" style={{ display: "contents" }}>
          <Asked command={command} error={ask.error} drill={drill} />
        </div>
        {drill === null ? (
          <p className="quiet">
            No restore was tried yet: nobody knows whether this backup brings files back, or how long it takes.
          </p>
        ) : (
          <DrillFacts repository={repository} drill={drill} />
        )}
      </div>
    </Panel>
  );
}

interface AskedProps {
  readonly command: AgentCommand | undefined;
  readonly error: Error | null;
  readonly drill: BackupDrill | null;
}

/** What became of what was asked, until the drill that came of it is shown. */
function Asked({ command, error, drill }: AskedProps) {
  if (error) return <p className="fault">{error.message}</p>;
  if (command === undefined) return null;
  if (isUnderWay(command)) return <p className="hint">{command.hostName} is being asked…</p>;
  if (command.phase !== "done") {
    return (
      <p className="fault">
        {command.hostName} does not do it ({command.phase}){command.message === null ? "" : `: ${command.message}`}
      </p>
    );
  }
  if (drill !== null && drill.finishedAtMs >= command.createdAtMs) return null;
  return <p className="hint">{command.hostName} backs up, then restores a sample; the result appears here.</p>;
}

function DrillFacts({ repository, drill }: RepositoryProps & { readonly drill: BackupDrill }) {
  const { rtoSeconds } = repository;
  const told = drillText(drill, rtoSeconds);
  const path = snapshotPath(repository, drill.snapshotId);
  const shortId = drill.snapshotId.slice(0, 8);
  const isLate = rtoSeconds !== null && drill.rtoSeconds > rtoSeconds;
  return (
    <>
      <p className={`${told.tone} wrap`} style={{ margin: 0 }}>
        <b>{told.text}</b>
      </p>
      <Facts
        facts={[
          ["When", <RelativeTime key="when" atMs={drill.finishedAtMs} />],
          ["Took", formatDuration(drill.seconds)],
          [
            "Snapshot",
            path === null ? (
              <code key="snapshot" className="mono">
                {shortId}
              </code>
            ) : (
              <Link key="snapshot" className="mono" to={path}>
                {shortId}
              </Link>
            ),
          ],
          ["Same on the machine", `${drill.comparedLive.toLocaleString("en")} files, compared with those too`],
          [
            "Measured (RTO)",
            <span key="rto" className={isLate ? "tone-warning" : undefined}>
              {measuredText(drill)}
            </span>,
          ],
          ["May take (RTO)", rtoSeconds === null ? "nothing is promised" : objectiveText(rtoSeconds)],
        ]}
      />
      {drill.faults.length === 0 ? null : (
        <ul className="told" aria-label="Came back wrong">
          {drill.faults.map(({ path: item, message }) => (
            <li key={`${item} ${message}`} className="wrap">
              <FileLink repository={repository} snapshotId={drill.snapshotId} path={item} />: {message}
            </li>
          ))}
          {drill.faultCount > drill.faults.length ? (
            <li className="quiet">and {drill.faultCount - drill.faults.length} more</li>
          ) : null}
        </ul>
      )}
    </>
  );
}

interface FileLinkProps extends RepositoryProps {
  readonly snapshotId: string;
  readonly path: string;
}

/** A file of a snapshot, which leads to its versions while its host is known. */
export function FileLink({ repository, snapshotId, path }: FileLinkProps) {
  const to = path.startsWith("/") ? snapshotPath(repository, snapshotId, path) : null;
  if (to === null) return <span className="mono wrap">{path}</span>;
  return (
    <Link className="mono wrap" to={to}>
      {path}
    </Link>
  );
}
