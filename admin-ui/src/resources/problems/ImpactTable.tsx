import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import type { ProblemRecord } from "../../providers/types.ts";
import { isHandled } from "./problem-matrix.ts";

const shown = 25;

interface ImpactTableProps {
  readonly root: ProblemRecord;
  readonly columns: readonly Column<ProblemRecord>[];
}

/** What follows from one problem, the worst first: as many as a person looks at, and the way to the rest. */
export function ImpactTable({ root, columns }: ImpactTableProps) {
  const filter = { rootKey: root.key };
  const { data, total, error, refetch } = useGetList<ProblemRecord>("problems", {
    pagination: { page: 1, perPage: shown },
    sort: { field: "", order: "ASC" },
    filter,
  });
  if (error && !data) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!data) return <SkeletonLines count={3} />;
  const name = root.serviceName === null ? root.hostName : `${root.serviceName} on ${root.hostName}`;
  const rest = (total ?? data.length) - data.length;
  return (
    <>
      <table className="table cards" aria-label={`Follows from ${name}`}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.width }} />
          ))}
        </colgroup>
        <tbody>
          {data.map((problem) => (
            <tr key={problem.key} className={isHandled(problem) ? "handled" : ""}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={[column.isNumber ? "number" : "", column.narrow ? `narrow-${column.narrow}` : ""]
                    .join(" ")
                    .trim()}
                >
                  {column.render({ ...problem, rootProblem: null })}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 ? (
        <p className="panel-body" style={{ margin: 0 }}>
          <Link to={`/problems?${new URLSearchParams({ filter: JSON.stringify(filter), displayedFilters: "{}" })}`}>
            {rest.toLocaleString("en")} more
          </Link>
        </p>
      ) : null}
    </>
  );
}
