import Button from "@mui/material/Button";
import { formatLogTerm } from "@mycloud/protocol/log-query";
import type { LogRecord } from "@mycloud/protocol/log-record";
import { Link } from "react-router-dom";
import { useCopy } from "../record/useCopy.ts";
import { formatAbsolute } from "../time/duration.ts";

interface LogDetailsProps {
  readonly record: LogRecord;
  readonly onTerm: (term: string) => void;
  readonly onContext: (id: string) => void;
}

/** All that a record has; each value can be searched for, or left out. */
export function LogDetails({ record, onTerm, onContext }: LogDetailsProps) {
  const { id, timeUs, receivedAtMs, host, hostId, source, service, severity, facility, message, fields } = record;
  const address = `${location.origin}/logs?record=${encodeURIComponent(id)}`;
  const copy = useCopy(address);
  const own = { host, service, source, ...(severity ? { severity } : {}), ...(facility ? { facility } : {}) };
  const timeMs = Math.floor(timeUs / 1000);
  return (
    <div className="log-details">
      <pre className="wrap">{message}</pre>
      <p className="quiet">
        {formatAbsolute(timeMs)}, received {formatAbsolute(receivedAtMs)}
      </p>
      <table className="table" aria-label="Fields">
        <tbody>
          {Object.entries({ ...own, ...fields }).map(([name, value]) => (
            <tr key={name}>
              <th scope="row" className="mono wrap">
                {name}
              </th>
              <td className="mono wrap">{String(value)}</td>
              <td className="number">
                <button
                  type="button"
                  className="view"
                  aria-label={`Only ${name} ${value}`}
                  onClick={() => onTerm(formatLogTerm(name, value))}
                >
                  only
                </button>
                <button
                  type="button"
                  className="view"
                  aria-label={`Without ${name} ${value}`}
                  onClick={() => onTerm(`-${formatLogTerm(name, value)}`)}
                >
                  without
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <Button size="small" onClick={() => onContext(id)}>
          Before and after
        </Button>
        <Button size="small" onClick={() => void copy.onCopy()}>
          {copy.label === "Copy" ? "Copy link" : copy.label}
        </Button>
        {copy.hasFailed ? <code className="copied-by-hand wrap">{address}</code> : null}
        {hostId === null ? null : (
          <Button size="small" component={Link} to={`/hosts/${hostId}/show`}>
            Host
          </Button>
        )}
      </div>
    </div>
  );
}
