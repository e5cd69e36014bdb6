import type { TimelineEntry } from "@mycloud/protocol/timeline";
import { Link } from "react-router-dom";
import { StateIcon } from "../state/StateIcon.tsx";
import { formatAbsolute } from "../time/duration.ts";
import { kindTitles } from "./density-rows.ts";

/** What happened as a table, newest first: when, to what, what, and who did it. */
export function TimelineTable({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <div className="table-wrap">
      <table className="table cards timeline-table" aria-label="What happened">
        <thead>
          <tr>
            <th scope="col" style={{ width: 172 }}>
              When
            </th>
            <th scope="col" style={{ width: 132 }}>
              Kind
            </th>
            <th scope="col" style={{ width: "26%" }}>
              Of
            </th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.key}>
              <td title={formatAbsolute(entry.atMs)}>
                <span className="number">{formatAbsolute(entry.atMs).slice(0, 19)}</span>
              </td>
              <td className="quiet">{kindTitles[entry.kind]}</td>
              <td className="narrow-full">
                <span className="clip">
                  <Subject entry={entry} />
                </span>
              </td>
              <td className="narrow-full">
                <span className="clip" title={entry.detail}>
                  {entry.state === null ? null : <StateIcon state={entry.state} size={13} />} <span>{entry.title}</span>
                  {entry.stateType === "SOFT" ? <span className="quiet"> soft</span> : null}
                  {entry.author === null ? null : <b> {entry.author}</b>}
                  {entry.detail === "" ? null : <span className="quiet"> {entry.detail}</span>}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Subject({ entry }: { entry: TimelineEntry }) {
  const { hostId, hostName, serviceId, serviceName } = entry;
  if (hostId === null) return <span className="quiet">everything</span>;
  const host = <Link to={`/hosts/${hostId}/show`}>{hostName}</Link>;
  if (serviceId === null) return host;
  return (
    <>
      <Link className="strong" to={`/services/${serviceId}/show`}>
        {serviceName}
      </Link>
      <span className="quiet"> on </span>
      {host}
    </>
  );
}
