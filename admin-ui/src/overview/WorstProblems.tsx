import AllFineIcon from "@mui/icons-material/TaskAltOutlined";
import type { Overview } from "@mycloud/protocol/overview";
import type { Problem } from "@mycloud/protocol/problem";
import { Link } from "react-router-dom";
import { Message } from "../layout/Message.tsx";
import { Panel } from "../record/Panel.tsx";
import { isHandled } from "../resources/problems/problem-matrix.ts";
import { HandledMarks } from "../state/HandledMarks.tsx";
import { StateChip } from "../state/StateChip.tsx";
import { Since } from "../time/RelativeTime.tsx";

/** The worst open problems. */
export function WorstProblems({ overview }: { overview: Overview }) {
  const { problems, unhandledProblems, handledProblems } = overview;
  return (
    <Panel
      title="Worst problems"
      end={
        <Link to="/problems">
          {unhandledProblems.toLocaleString("en")} unhandled, {handledProblems.toLocaleString("en")} handled
        </Link>
      }
      isFlush
    >
      {problems.length === 0 ? (
        <Message title="No problems" icon={<AllFineIcon className="big" />}>
          <p>Every host and service that reports is fine.</p>
        </Message>
      ) : (
        <table className="table cards" aria-label="Worst problems">
          <tbody>
            {problems.map((problem) => (
              <ProblemRow key={problem.key} problem={problem} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function ProblemRow({ problem }: { problem: Problem }) {
  const hostPath = `/hosts/${problem.hostId}/show`;
  return (
    <tr className={isHandled(problem) ? "handled" : ""}>
      <td style={{ width: 148 }}>
        <StateChip {...problem} isHandled={isHandled(problem)} />
      </td>
      <td style={{ width: "34%" }} className="narrow-grow">
        <span className="clip">
          <Link className="strong" to={problem.serviceId === null ? hostPath : `/services/${problem.serviceId}/show`}>
            {problem.serviceName ?? problem.hostName}
          </Link>
          {problem.serviceName === null ? null : (
            <>
              <span className="quiet"> on </span>
              <Link to={hostPath}>{problem.hostName}</Link>
            </>
          )}
          {problem.impactCount > 0 ? <span className="mark"> {problem.impactCount} follow</span> : null}
        </span>
      </td>
      <td className="narrow-full">
        <span className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
          <HandledMarks {...problem} />
          <span className="clip" title={problem.output}>
            {problem.output}
          </span>
        </span>
      </td>
      <td style={{ width: 84 }} className="number">
        <Since atMs={problem.startedAtMs} />
      </td>
    </tr>
  );
}
