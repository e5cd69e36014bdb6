import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { Machine, MachineSnapshot } from "@mycloud/protocol/machine";
import { Link, useParams, useSearchParams } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import { logsOf } from "../logs/logs-of.ts";
import { CompareTab } from "./CompareTab.tsx";
import { FilesTab } from "./FilesTab.tsx";
import { FrozenMachineNotice } from "./FrozenMachineNotice.tsx";
import { HealthMark } from "./HealthMark.tsx";
import { LiveFilesTab } from "./LiveFilesTab.tsx";
import { RunProgress } from "./RunProgress.tsx";
import { SearchTab } from "./SearchTab.tsx";
import { SyncButtons } from "./SyncButtons.tsx";
import { useMachine, useSnapshots } from "./useMachines.ts";
import { readAddress, type ViewAddress, writeAddress } from "./view-address.ts";
import "../theme/smart-view.css";

/** What each part of the page gets. */
export interface TabProps {
  readonly machine: Machine;
  readonly repository: BackupRepository;
  /** Oldest first; at least one. */
  readonly snapshots: readonly MachineSnapshot[];
  readonly address: ViewAddress;
  readonly goTo: (change: Partial<ViewAddress>) => void;
}

const tabs = [
  { name: "files", text: "Backed-up files", Tab: FilesTab },
  { name: "search", text: "Search", Tab: SearchTab },
  { name: "compare", text: "Compare", Tab: CompareTab },
] as const;

/** One machine: its snapshots as folders, and the way back from them. */
export function MachinePage() {
  const { id = "", tab = "files" } = useParams();
  const { data: machine, error, refetch } = useMachine(Number(id));
  const [query, setQuery] = useSearchParams();
  const address = readAddress(query);
  if (machine === undefined) {
    return (
      <>
        <PageHeader title="Machine" />
        {error ? <ErrorMessage error={error} onRetry={refetch} /> : <SkeletonLines count={8} />}
      </>
    );
  }
  const repository = machine.repositories.find((each) => each.id === address.repositoryId) ?? machine.repositories[0];
  const goTo = (change: Partial<ViewAddress>) => setQuery(writeAddress({ ...address, ...change }));
  const kept = writeAddress({ ...address, file: null }).toString();
  return (
    <>
      <PageHeader
        title={machine.hostName}
        mark={<HealthMark health={machine.health} />}
        subtitle={machine.sentence}
        actions={<SyncButtons machine={machine} />}
      />
      {machine.run === null ? null : <RunProgress run={machine.run} />}
      <FrozenMachineNotice machine={machine} />
      <div className="row parts">
        <nav className="views" aria-label="Parts of this page">
          {[...tabs, { name: "now", text: "Files on the machine" }].map(({ name, text }) => (
            <Link
              key={name}
              className="view"
              aria-current={name === tab ? "page" : undefined}
              to={`/machines/${machine.id}/${name}?${kept}`}
            >
              {text}
            </Link>
          ))}
          <Link className="view" to={logsOf(machine.hostName)}>
            Logs
          </Link>
        </nav>
        {machine.repositories.length > 1 && repository ? (
          <select
            className="field"
            aria-label="Backup"
            value={repository.id}
            onChange={(event) =>
              goTo({ repositoryId: Number(event.target.value), snapshotId: null, path: null, file: null })
            }
          >
            {machine.repositories.map((each) => (
              <option key={each.id} value={each.id}>
                {each.policyName}
                {each.isAssigned ? "" : " (no longer in use)"}
              </option>
            ))}
          </select>
        ) : null}
      </div>
      {tab === "now" ? (
        <LiveFilesTab machine={machine} />
      ) : repository === undefined ? (
        <section className="panel">
          <Message title="Nothing of this machine is backed up">
            <p>No backup policy covers it. Whoever runs this installation can change that.</p>
          </Message>
        </section>
      ) : (
        <RepositoryPart key={repository.id} tab={tab} {...{ machine, repository, address, goTo }} />
      )}
    </>
  );
}

function RepositoryPart({ tab, ...props }: Omit<TabProps, "snapshots"> & { readonly tab: string }) {
  const { data: snapshots, error, refetch } = useSnapshots(props.repository.id);
  if (snapshots === undefined)
    return error ? <ErrorMessage error={error} onRetry={refetch} /> : <SkeletonLines count={8} />;
  if (snapshots.length === 0) {
    return (
      <section className="panel">
        <Message title="No snapshot yet">
          <p>The first one appears here as soon as the first backup is done.</p>
        </Message>
      </section>
    );
  }
  const { Tab } = tabs.find(({ name }) => name === tab) ?? tabs[0];
  return <Tab {...props} snapshots={snapshots} />;
}
