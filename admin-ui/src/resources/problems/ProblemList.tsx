import AllFineIcon from "@mui/icons-material/TaskAltOutlined";
import { useMemo, useState } from "react";
import { Link } from "react-router-dom";
import { ActionButtons } from "../../actions/ActionButtons.tsx";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { LabelFilter, TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import type { ListView } from "../../list/list-view.ts";
import { useMayAct } from "../../providers/hooks.ts";
import type { ProblemRecord } from "../../providers/types.ts";
import { HandledMarks } from "../../state/HandledMarks.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { RelativeTime, Since } from "../../time/RelativeTime.tsx";
import { FoldButton, FoldContext } from "./FoldButton.tsx";
import { ImpactTable } from "./ImpactTable.tsx";
import { isHandled } from "./problem-matrix.ts";

const views: readonly ListView[] = [
  // What follows from something else is under it: the list says what there is to do.
  { name: "Unhandled", filter: { isHandled: false, groupByRoot: true } },
  { name: "By root", filter: { groupByRoot: true } },
  { name: "All", filter: {} },
  { name: "Handled", filter: { isHandled: true } },
  { name: "Hosts down", filter: { state: ["DOWN", "UNREACHABLE"] }, state: "DOWN" },
  { name: "Critical", filter: { state: "CRITICAL" }, state: "CRITICAL" },
  { name: "Warning", filter: { state: "WARNING" }, state: "WARNING" },
  { name: "Unknown", filter: { state: "UNKNOWN" }, state: "UNKNOWN" },
  { name: "Stale", filter: { state: "STALE" }, state: "STALE" },
];

/** Where a problem's object is shown. */
function problemPath(problem: Pick<ProblemRecord, "hostId" | "serviceId">): string {
  return problem.serviceId === null ? `/hosts/${problem.hostId}/show` : `/services/${problem.serviceId}/show`;
}

function nameOfRoot({
  hostName,
  serviceName,
}: {
  readonly hostName: string;
  readonly serviceName: string | null;
}): string {
  return serviceName === null ? hostName : `${serviceName} on ${hostName}`;
}

export const problemColumns: readonly Column<ProblemRecord>[] = [
  {
    key: "state",
    label: "State",
    width: 148,
    render: (problem) => (
      <StateChip
        state={problem.state}
        stateType={problem.stateType}
        attempt={problem.attempt}
        maxCheckAttempts={problem.maxCheckAttempts}
        isHandled={isHandled(problem)}
      />
    ),
  },
  {
    key: "what",
    label: "What",
    width: "26%",
    narrow: "grow",
    render: (problem) => (
      <span className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
        <span className="clip">
          <Link className="strong" to={problemPath(problem)}>
            {problem.serviceName ?? problem.hostName}
          </Link>
          {problem.serviceName === null ? null : (
            <>
              <span className="quiet"> on </span>
              <Link to={`/hosts/${problem.hostId}/show`}>{problem.hostName}</Link>
            </>
          )}
          {problem.rootProblem === null ? null : (
            <span className="quiet">
              {" "}
              from <Link to={problemPath(problem.rootProblem)}>{nameOfRoot(problem.rootProblem)}</Link>
            </span>
          )}
        </span>
        {problem.impactCount > 0 ? <FoldButton problem={problem} /> : null}
      </span>
    ),
  },
  {
    key: "output",
    label: "Output",
    narrow: "full",
    render: (problem) => (
      <span className="clip" title={problem.output}>
        {problem.output}
      </span>
    ),
  },
  {
    key: "marks",
    label: "Handling",
    width: 168,
    render: (problem) => (
      <span className="row" style={{ gap: 4 }}>
        <HandledMarks {...problem} />
        {problem.notifiedContactNames.length > 0 && !isHandled(problem) ? (
          <span className="clip quiet" title={problem.notifiedContactNames.join(", ")}>
            told {problem.notifiedContactNames.join(", ")}
          </span>
        ) : null}
      </span>
    ),
  },
  { key: "age", label: "For", width: 86, isNumber: true, render: (problem) => <Since atMs={problem.startedAtMs} /> },
  {
    key: "checked",
    label: "Checked",
    width: 104,
    isNumber: true,
    narrow: "hide",
    render: (problem) => <RelativeTime atMs={problem.lastCheckAtMs} />,
  },
];

/** Everything that is wrong now. */
export function ProblemList() {
  const mayAct = useMayAct();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const fold = useMemo(
    () => ({
      unfolded,
      toggle: (key: string) =>
        setUnfolded((before) =>
          before.has(key) ? new Set([...before].filter((each) => each !== key)) : new Set([...before, key]),
        ),
    }),
    [unfolded],
  );
  return (
    <FoldContext value={fold}>
      <ListPage<ProblemRecord>
        title="Problems"
        subtitle="Unhandled first, then by business impact, then the worst, then the oldest; what follows from another folds out under it"
        columns={problemColumns}
        sort={{ field: "", order: "ASC" }}
        views={views}
        defaultFilter={{ isHandled: false, groupByRoot: true }}
        filters={
          <>
            <TextFilter source="q" label="Words" />
            <TextFilter source="group" label="Group" width={110} />
            <LabelFilter />
          </>
        }
        rowPath={problemPath}
        rowClass={(problem) => (isHandled(problem) ? "handled" : "")}
        rowDetail={(problem) =>
          problem.impactCount > 0 && unfolded.has(problem.key) ? (
            <ImpactTable root={problem} columns={problemColumns} />
          ) : null
        }
        bulkActions={
          mayAct
            ? (chosen, onDone) => (
                <ActionButtons
                  targets={chosen}
                  canAcknowledge={chosen.some((problem) => !problem.isAcknowledged)}
                  canRemoveAcknowledgement={chosen.some((problem) => problem.isAcknowledged)}
                  onDone={onDone}
                />
              )
            : undefined
        }
        empty={
          <Message title="No problems" icon={<AllFineIcon className="big" />}>
            <p>
              Every host and service that reports is fine. What has not reported is listed under Services, as stale or
              pending.
            </p>
          </Message>
        }
      />
    </FoldContext>
  );
}
