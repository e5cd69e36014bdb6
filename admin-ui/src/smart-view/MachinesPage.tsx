import MachineIcon from "@mui/icons-material/ComputerOutlined";
import Button from "@mui/material/Button";
import type { Machine } from "@mycloud/protocol/machine";
import { Link } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import { useMayAct } from "../providers/hooks.ts";
import { HealthMark } from "./HealthMark.tsx";
import { RunProgress } from "./RunProgress.tsx";
import { SyncButtons } from "./SyncButtons.tsx";
import { useMachines } from "./useMachines.ts";
import "../theme/smart-view.css";

/** Everybody's first question: are my machines backed up? */
export function MachinesPage() {
  const { data: machines, error, refetch } = useMachines();
  const mayAct = useMayAct();
  const isEmpty = machines?.length === 0;
  const add = mayAct ? (
    <Button component={Link} to="/enrolment-tokens/create" variant={isEmpty ? "contained" : "outlined"}>
      Add a machine
    </Button>
  ) : null;
  return (
    <>
      <PageHeader title="Machines" subtitle={machines ? subtitleOf(machines) : ""} actions={isEmpty ? null : add} />
      {machines === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={6} />
        )
      ) : machines.length === 0 ? (
        <section className="panel">
          <Message title="No machines yet" icon={<MachineIcon className="big" />}>
            <p>Add a machine: one line, typed on it, is all. Its first backup then begins by itself.</p>
            {add}
          </Message>
        </section>
      ) : (
        <ul className="machines">
          {machines.map((machine) => (
            <MachineCard key={machine.id} machine={machine} />
          ))}
        </ul>
      )}
    </>
  );
}

function subtitleOf(machines: readonly Machine[]): string {
  if (machines.length === 0) return "What is backed up, and the way to get it back";
  const well = machines.filter(({ health }) => health === "good").length;
  return well === machines.length ? `${well}, all well` : `${machines.length}, ${well} of them well`;
}

function MachineCard({ machine }: { readonly machine: Machine }) {
  return (
    <li className="panel machine">
      <h2 className="row">
        <HealthMark health={machine.health} />
        <Link className="wrap" to={`/machines/${machine.id}`}>
          {machine.hostName}
        </Link>
        {machine.isOnline ? null : <span className="mark">offline</span>}
      </h2>
      <p className="wrap">{machine.sentence}</p>
      {machine.run === null ? null : <RunProgress run={machine.run} />}
      <div className="row machine-actions">
        <Button component={Link} to={`/machines/${machine.id}`} variant="outlined">
          Look into backups
        </Button>
        <SyncButtons machine={machine} />
      </div>
    </li>
  );
}
