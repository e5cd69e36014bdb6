import { formatValue } from "../perfdata/format-value.ts";
import { parsePerfdata } from "../perfdata/parse-perfdata.ts";
import { rangeText } from "../perfdata/threshold.ts";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { Panel } from "./Panel.tsx";

interface Output {
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
  readonly lastCheckAtMs: number | null;
  readonly isStale: boolean;
}

/** What the plugin said last, in full. */
export function OutputPanel({ of }: { of: Output }) {
  const items = parsePerfdata(of.perfdata);
  const when = of.lastCheckAtMs === null ? null : <RelativeTime atMs={of.lastCheckAtMs} />;
  return (
    <Panel title={of.isStale ? "Last output, overdue since" : "Output"} end={<span className="quiet">{when}</span>}>
      <div className="stack">
        {of.output === "" && of.lastCheckAtMs === null ? <span className="quiet">No result yet.</span> : null}
        {of.output === "" && of.lastCheckAtMs !== null ? (
          <span className="quiet">The plugin printed nothing.</span>
        ) : null}
        {of.output === "" ? null : <pre className="output">{of.output}</pre>}
        {of.longOutput === "" ? null : <pre className="output long">{of.longOutput}</pre>}
        {items.length === 0 ? null : (
          <table className="table auto" aria-label="Measured values">
            <thead>
              <tr>
                <th scope="col">Value</th>
                <th scope="col" className="number">
                  Now
                </th>
                <th scope="col" className="number">
                  Warning
                </th>
                <th scope="col" className="number">
                  Critical
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.label}>
                  <td className="mono wrap">{item.label}</td>
                  <td className="number">{item.value === null ? "unknown" : formatValue(item.value, item.unit)}</td>
                  <td className="number quiet">
                    {rangeText(item.warn, (value) => formatValue(value, item.unit)) ?? "—"}
                  </td>
                  <td className="number quiet">
                    {rangeText(item.crit, (value) => formatValue(value, item.unit)) ?? "—"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
