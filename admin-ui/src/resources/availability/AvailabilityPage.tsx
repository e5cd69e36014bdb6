import Button from "@mui/material/Button";
import type { AvailabilityFigures } from "@mycloud/protocol/availability";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useConsole } from "../../providers/hooks.ts";
import { Panel } from "../../record/Panel.tsx";
import { formatAbsolute, formatDuration, fromLocalInput, toLocalInput } from "../../time/duration.ts";
import { useNow } from "../../time/NowContext.tsx";
import { RangePicker } from "../../timeline/RangePicker.tsx";
import { AvailabilityBar } from "./AvailabilityBar.tsx";
import { readReportRange, reportRanges } from "./report-range.ts";

const perPage = 50;
const fields = [
  ["host", "Host, e.g. web*"],
  ["service", "Service"],
  ["group", "Group"],
  ["serviceGroup", "Service group"],
  ["period", "Time period"],
] as const;
const asked = [...fields.map(([name]) => name), "soft", "only", "page"];

/** 99.9996% must not read as a round 100. */
function percent(ratio: number | null): string {
  return ratio === null ? "—" : `${(Math.floor(ratio * 1e5) / 1e3).toFixed(3)}%`;
}

/** Shares of time by state, with a bar for each object; what it is of is in the address. */
export function AvailabilityPage() {
  const [search, setSearch] = useSearchParams();
  const provider = useConsole();
  const { fromMs, untilMs, name } = readReportRange(search, useNow());
  const query = {
    ...Object.fromEntries([...search].filter(([name, value]) => asked.includes(name) && value !== "")),
    ...{ fromMs: String(fromMs), untilMs: String(untilMs), perPage: String(perPage) },
  };
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["availability", query],
    queryFn: ({ signal }) => provider.availability({ ...query, stretches: "true" }, signal),
    placeholderData: keepPreviousData,
  });
  const change = (changes: Readonly<Record<string, string>>) => {
    const next = new URLSearchParams(search);
    next.delete("page");
    for (const [name, value] of Object.entries(changes)) {
      if (value === "") next.delete(name);
      else next.set(name, value);
    }
    setSearch(next);
  };
  const page = Math.max(1, Number(search.get("page") ?? 1));
  const pages = Math.ceil((data?.total ?? 0) / perPage);
  const csv = new URLSearchParams({ ...query, page: "1", all: "true" });
  return (
    <>
      <PageHeader
        title="Availability"
        subtitle={`${formatAbsolute(fromMs)} to ${formatAbsolute(untilMs)}`}
        actions={
          <Button component="a" href={`/api/v1/availability.csv?${csv}`} download variant="outlined">
            Download CSV
          </Button>
        }
      />
      <section className="panel asked" aria-label="What is reported">
        <div className="filter-bar">
          <RangePicker
            label="Length of the report"
            ranges={reportRanges.map((text) => ({ text }))}
            range={{ text: name ?? "" }}
            onChange={({ text }) => change({ last: text, fromMs: "", untilMs: "" })}
          />
          <InstantField label="From" atMs={fromMs} onChange={(atMs) => change(instants(atMs, untilMs))} />
          <InstantField label="Until" atMs={untilMs} onChange={(atMs) => change(instants(fromMs, atMs))} />
        </div>
        <div className="filter-bar">
          <div className="filters">
            {fields.map(([name, label]) => (
              <FilterText
                key={name}
                label={label}
                value={search.get(name) ?? ""}
                onChange={(text) => change({ [name]: text })}
              />
            ))}
            <select
              className="field"
              aria-label="Of"
              value={search.get("only") ?? ""}
              onChange={(event) => change({ only: event.target.value })}
            >
              <option value="">Hosts and services</option>
              <option value="hosts">Hosts only</option>
              <option value="services">Services only</option>
            </select>
            <label className="row">
              <input
                type="checkbox"
                checked={search.get("soft") === "true"}
                onChange={(event) => change({ soft: event.target.checked ? "true" : "" })}
              />
              Count SOFT states
            </label>
          </div>
        </div>
      </section>
      {error ? <ErrorMessage error={error} onRetry={refetch} /> : null}
      {isPending && !error ? <SkeletonLines count={8} /> : null}
      {data && data.data.length === 0 ? (
        <Message title="Nothing matches">
          <p>No host or service is of this name or group.</p>
        </Message>
      ) : null}
      {data && data.data.length > 0 ? (
        <Panel title={`${data.total} ${data.total === 1 ? "object" : "hosts and services"}`} isFlush>
          <div className="availability-table table-wrap">
            <table className="table cards" aria-label="Availability">
              <thead>
                <tr>
                  <th scope="col" style={{ width: "25%" }}>
                    What
                  </th>
                  <th scope="col">States</th>
                  <th scope="col" className="number" style={{ width: 92 }}>
                    OK
                  </th>
                  <th
                    scope="col"
                    className="number"
                    style={{ width: 128 }}
                    title="Problems in downtime count as OK; what was not known in downtime does not"
                  >
                    Downtime as OK
                  </th>
                  <th
                    scope="col"
                    className="number"
                    style={{ width: 138 }}
                    title="Time in downtime is left out on both sides"
                  >
                    Without downtime
                  </th>
                  <th
                    scope="col"
                    className="number"
                    style={{ width: 142 }}
                    title="Time of which nothing is known: no result yet, results stopped coming, or nobody was watching. It never counts as OK."
                  >
                    Blind
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.data.map((object) => (
                  <tr key={`${object.hostId}-${object.serviceId}`}>
                    <td className="narrow-full">
                      <span className="clip">
                        {object.serviceId === null ? null : (
                          <>
                            <Link className="strong" to={`/services/${object.serviceId}/show`}>
                              {object.serviceName}
                            </Link>
                            <span className="quiet"> on </span>
                          </>
                        )}
                        <Link
                          className={object.serviceId === null ? "strong" : undefined}
                          to={`/hosts/${object.hostId}/show`}
                        >
                          {object.hostName}
                        </Link>
                      </span>
                    </td>
                    <td className="narrow-full">
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
                      {summary.count} {summary.kind} {pages > 1 ? "on this page" : "together"}
                    </th>
                    <td />
                    <Figures figures={summary} />
                  </tr>
                ))}
              </tfoot>
            </table>
          </div>
          {pages > 1 ? (
            <div className="pager">
              {(page - 1) * perPage + 1}–{Math.min(page * perPage, data.total)} of {data.total}
              <span className="end">
                <Button size="small" disabled={page <= 1} onClick={() => change({ page: String(page - 1) })}>
                  Previous
                </Button>
                {page} / {pages}
                <Button size="small" disabled={page >= pages} onClick={() => change({ page: String(page + 1) })}>
                  Next
                </Button>
              </span>
            </div>
          ) : null}
        </Panel>
      ) : null}
    </>
  );
}

function instants(fromMs: number, untilMs: number): { last: string; fromMs: string; untilMs: string } {
  return { last: "", fromMs: String(fromMs), untilMs: String(untilMs) };
}

function Figures({ figures }: { figures: AvailabilityFigures }) {
  const { ratios, blindMs, countedMs } = figures;
  return (
    <>
      <td className="number" data-label="OK">
        {percent(ratios.plain)}
      </td>
      <td className="number" data-label="downtime as OK">
        {percent(ratios.downtimeAsOk)}
      </td>
      <td className="number" data-label="without downtime">
        {percent(ratios.downtimeExcluded)}
      </td>
      <td className="number" data-label="blind">
        {blindMs === 0 ? (
          <span className="quiet">—</span>
        ) : (
          <>
            {((blindMs / countedMs) * 100).toFixed(blindMs / countedMs < 0.01 ? 3 : 1)}%{" "}
            <span className="quiet">{formatDuration(blindMs / 1000)}</span>
          </>
        )}
      </td>
    </>
  );
}

/** Asks when the person leaves the field or presses Enter, not at every key. */
function FilterText(props: { label: string; value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  const settle = () => {
    if (text.trim() !== props.value) props.onChange(text.trim());
  };
  return (
    <input
      className="field"
      type="search"
      aria-label={props.label}
      placeholder={props.label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === "Enter") settle();
      }}
    />
  );
}

function InstantField(props: { label: string; atMs: number; onChange: (atMs: number) => void }) {
  return (
    <label className="row quiet">
      {props.label}
      <input
        className="field"
        type="datetime-local"
        value={toLocalInput(props.atMs)}
        onChange={(event) => {
          const atMs = fromLocalInput(event.target.value);
          if (atMs !== null) props.onChange(atMs);
        }}
      />
    </label>
  );
}
