import type { AvailabilityFigures } from "@mycloud/protocol/availability";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useConsole } from "../../providers/hooks.ts";
import { Panel } from "../../record/Panel.tsx";
import { formatAbsolute, formatDuration } from "../../time/duration.ts";
import { useNow } from "../../time/NowContext.tsx";
import { RangePicker } from "../../timeline/RangePicker.tsx";
import { AvailabilityBar } from "./AvailabilityBar.tsx";

const ranges = [
  { text: "24 h", lengthMs: 86_400_000 },
  { text: "7 d", lengthMs: 7 * 86_400_000 },
  { text: "30 d", lengthMs: 30 * 86_400_000 },
  { text: "365 d", lengthMs: 365 * 86_400_000 },
] as const;
const fields = [
  ["host", "Host"],
  ["service", "Service"],
  ["group", "Group"],
  ["serviceGroup", "Service group"],
  ["period", "Time period"],
] as const;

/** 99.9996% must not read as a round 100. */
function percent(ratio: number | null): string {
  return ratio === null ? "—" : `${(Math.floor(ratio * 1e5) / 1e3).toFixed(3)}%`;
}

/** Shares of time by state, with a bar for each object; what it is of is in the address. */
export function AvailabilityPage() {
  const [search, setSearch] = useSearchParams();
  const provider = useConsole();
  const now = useNow();
  const range = ranges.find((each) => each.text === search.get("last")) ?? ranges[0];
  const untilMs = Math.floor(now / 300_000) * 300_000;
  const asked = Object.fromEntries([...search].filter(([name, value]) => name !== "last" && value !== ""));
  const query = { ...asked, fromMs: String(untilMs - range.lengthMs), untilMs: String(untilMs), perPage: "50" };
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["availability", query],
    queryFn: ({ signal }) => provider.availability({ ...query, stretches: "true" }, signal),
  });
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    next.delete("page");
    setSearch(next);
  };
  const page = Number(search.get("page") ?? 1);
  return (
    <>
      <PageHeader
        title="Availability"
        subtitle={data ? `${formatAbsolute(data.fromMs)} to ${formatAbsolute(data.untilMs)}` : undefined}
        actions={
          <a href={`/api/v1/availability.csv?${new URLSearchParams({ ...query, perPage: "1000" })}`} download>
            CSV
          </a>
        }
      />
      <div className="filter-bar">
        <RangePicker
          label="Length of the report"
          ranges={ranges}
          range={range}
          onChange={(chosen) => change("last", chosen.text)}
        />
        <div className="filters">
          {fields.map(([name, label]) => (
            <FilterText
              key={name}
              label={label}
              value={search.get(name) ?? ""}
              onChange={(text) => change(name, text)}
            />
          ))}
          <label className="row">
            <input
              type="checkbox"
              checked={search.get("soft") === "true"}
              onChange={(event) => change("soft", event.target.checked ? "true" : "")}
            />
            Count SOFT states
          </label>
        </div>
      </div>
      {error ? <ErrorMessage error={error} onRetry={refetch} /> : null}
      {isPending && !error ? <SkeletonLines count={8} /> : null}
      {data && data.data.length === 0 ? (
        <Message title="Nothing matches">
          <p>No host or service is of this name or group.</p>
        </Message>
      ) : null}
      {data && data.data.length > 0 ? (
        <Panel title={`${data.total} hosts and services`} isFlush>
          <div className="availability-table">
            <table>
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">States</th>
                  <th scope="col">OK</th>
                  <th scope="col">Downtime as OK</th>
                  <th scope="col">Without downtime</th>
                  <th scope="col">Blind</th>
                </tr>
              </thead>
              <tbody>
                {data.data.map((object) => (
                  <tr key={`${object.hostId}-${object.serviceId}`}>
                    <th scope="row">
                      {object.serviceId === null ? (
                        <Link to={`/hosts/${object.hostId}/show`}>{object.hostName}</Link>
                      ) : (
                        <Link to={`/services/${object.serviceId}/show`}>
                          {object.serviceName} on {object.hostName}
                        </Link>
                      )}
                    </th>
                    <td className="bar">
                      <AvailabilityBar object={object} />
                    </td>
                    <Figures figures={object} />
                  </tr>
                ))}
              </tbody>
              <tfoot>
                {data.summaries.map((summary) => (
                  <tr key={summary.kind}>
                    <th scope="row">
                      {summary.count} {summary.kind} on this page
                    </th>
                    <td />
                    <Figures figures={summary} />
                  </tr>
                ))}
              </tfoot>
            </table>
          </div>
          {data.total > 50 ? (
            <div className="panel-body row">
              <button type="button" className="view" disabled={page <= 1} onClick={() => setPage(page - 1)}>
                Previous
              </button>
              page {page} of {Math.ceil(data.total / 50)}
              <button
                type="button"
                className="view"
                disabled={page * 50 >= data.total}
                onClick={() => setPage(page + 1)}
              >
                Next
              </button>
            </div>
          ) : null}
        </Panel>
      ) : null}
    </>
  );

  function setPage(wanted: number) {
    const next = new URLSearchParams(search);
    next.set("page", String(wanted));
    setSearch(next);
  }
}

function Figures({ figures }: { figures: AvailabilityFigures }) {
  const { ratios, blindMs } = figures;
  return (
    <>
      <td className="number">{percent(ratios.plain)}</td>
      <td className="number">{percent(ratios.downtimeAsOk)}</td>
      <td className="number">{percent(ratios.downtimeExcluded)}</td>
      <td className="number">{blindMs === 0 ? "—" : formatDuration(blindMs / 1000)}</td>
    </>
  );
}

/** Asks when the person leaves the field or presses Enter, not at every key. */
function FilterText(props: { label: string; value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(props.value);
  return (
    <input
      className="filter-field"
      aria-label={props.label}
      placeholder={props.label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => props.onChange(text.trim())}
      onKeyDown={(event) => {
        if (event.key === "Enter") props.onChange(text.trim());
      }}
    />
  );
}
