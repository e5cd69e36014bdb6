import type { LogPatterns } from "@mycloud/protocol/log-search";
import { Message } from "../layout/Message.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { toneOf } from "./severity-look.ts";

interface PatternListProps {
  readonly patterns: LogPatterns;
  readonly onPattern: (id: string) => void;
}

/** Messages by their constant part, with how often they came, and came before. */
export function PatternList({ patterns: { patterns, others, isComplete }, onPattern }: PatternListProps) {
  if (patterns.length === 0) return <Message title="No patterns" />;
  return (
    <>
      <table className="table cards patterns" aria-label="Patterns">
        <thead>
          <tr>
            <th scope="col">Pattern</th>
            <th scope="col" className="number">
              Count
            </th>
            <th scope="col" className="number">
              Hour before
            </th>
            <th scope="col" className="number">
              Hosts
            </th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {patterns.map(({ id, template, count, countBefore, hosts, lastSeenUs, severity }) => (
            <tr key={id}>
              <td className="narrow-full">
                <button type="button" className="pattern mono wrap" onClick={() => onPattern(id)}>
                  {severity === null ? null : <span className={`tone-${toneOf(severity)}`}>{severity} </span>}
                  {template}
                </button>
              </td>
              <td className="number" data-label="Count">
                {count}
              </td>
              <td className="number" data-label="Hour before">
                {countBefore === 0 ? "new" : countBefore}
              </td>
              <td className="number" data-label="Hosts">
                {hosts}
              </td>
              <td data-label="Last seen">
                <RelativeTime atMs={Math.floor(lastSeenUs / 1000)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {others > 0 || !isComplete ? (
        <p className="panel-body quiet">
          {others > 0 ? `${others} more records have patterns that are not kept apart. ` : ""}
          {isComplete ? "" : "The search took too long: not everything was counted."}
        </p>
      ) : null}
    </>
  );
}
