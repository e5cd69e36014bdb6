import Button from "@mui/material/Button";
import type { Host } from "@mycloud/protocol/host";
import { TimelineKind, type TimelineQuery, TimelineSeverity } from "@mycloud/protocol/timeline";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useGetOne } from "react-admin";
import { useSearchParams } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useConsole } from "../../providers/hooks.ts";
import { Panel } from "../../record/Panel.tsx";
import { formatAbsolute } from "../../time/duration.ts";
import { useNow } from "../../time/NowContext.tsx";
import { kindTitles } from "../../timeline/density-rows.ts";
import { RangePicker } from "../../timeline/RangePicker.tsx";
import { TimelineDrawing } from "../../timeline/TimelineDrawing.tsx";
import { TimelineTable } from "../../timeline/TimelineTable.tsx";
import { readRange, timelineLengths, writeRange } from "../../timeline/timeline-range.ts";
import { HostPicker } from "./HostPicker.tsx";

const bins = 120;
const mostLanes = 40;
const entriesPerPage = 100;
const severityTitles: Readonly<Record<TimelineSeverity, string>> = {
  critical: "Critical",
  warning: "Warning",
  unknown: "Unknown",
  ok: "OK",
};

/**
 * What happened, of everything or (`?hostId=`, `?serviceId=`) of one, as lanes and as a list; range, kinds and severities are in the address, so that it can be sent
 * to somebody. A range that ends now goes on with the time.
 */
export function TimelinePage() {
  const [search, setSearch] = useSearchParams();
  const provider = useConsole();
  const nowMs = Math.floor(useNow() / 60_000) * 60_000 + 60_000;
  const range = readRange(search, nowMs);
  const { fromMs, untilMs } = range;
  const lengthMs = untilMs - fromMs;
  const kinds = wordsOf(search.get("kind"), TimelineKind.options);
  const severities = wordsOf(search.get("severity"), TimelineSeverity.options);
  const number = (name: string) => (Number(search.get(name)) > 0 ? Number(search.get(name)) : undefined);
  const subject = { hostId: number("hostId"), serviceId: number("serviceId") };
  const change = useCallback(
    (changes: Readonly<Record<string, string | null>>) =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) next.delete(name);
          else next.set(name, value);
        }
        return next;
      }),
    [setSearch],
  );
  const show = useCallback(
    (wanted: { readonly fromMs: number; readonly untilMs: number }) =>
      change({ ...writeRange(wanted, nowMs), last: null }),
    [change, nowMs],
  );
  const toggle = (name: string, chosen: readonly string[], word: string) => {
    const next = chosen.includes(word) ? chosen.filter((each) => each !== word) : [...chosen, word];
    change({ [name]: next.length === 0 ? null : next.join(",") });
  };

  const question = {
    ...subject,
    fromMs,
    untilMs,
    kind: kinds.join(","),
    severity: severities.join(","),
  } satisfies Partial<Record<keyof TimelineQuery, string | number | undefined>>;
  const drawn = useQuery({
    queryKey: ["timeline", "drawing", question],
    queryFn: ({ signal }) => provider.timeline({ ...question, limit: 0, bins }, signal),
    placeholderData: keepPreviousData,
  });
  const query = useInfiniteQuery({
    queryKey: ["timeline", "entries", question],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      provider.timeline({ ...question, cursor: pageParam, limit: entriesPerPage }, signal),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const entries = query.data?.pages.flatMap((page) => page.data) ?? [];
  const hostId =
    subject.hostId ??
    (subject.serviceId === undefined
      ? undefined
      : entries.find((entry) => entry.serviceId === subject.serviceId)?.hostId) ??
    null;
  const { data: host } = useGetOne<Host>("hosts", { id: hostId ?? 0 }, { enabled: hostId !== null });
  const hostName = hostId === null ? null : (host?.name ?? null);
  const serviceName = entries.find((entry) => entry.serviceId === subject.serviceId)?.serviceName;
  const states = useQuery({
    queryKey: ["timeline", "states", hostName, subject.serviceId, fromMs, untilMs],
    enabled: hostName !== null,
    queryFn: ({ signal }) =>
      provider.availability(
        {
          host: hostName ?? "",
          fromMs: String(fromMs),
          untilMs: String(untilMs),
          soft: "true",
          stretches: "true",
          perPage: String(mostLanes),
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
  const objects = (hostName === null ? [] : (states.data?.data ?? [])).filter(
    (object) => subject.serviceId === undefined || object.serviceId === subject.serviceId,
  );
  const chosenLength = timelineLengths.find((each) => range.isLive && Math.abs(each.lengthMs - lengthMs) <= 60_000);
  const error = query.error ?? drawn.error;
  const density = drawn.data?.density;
  return (
    <>
      <PageHeader
        title={
          hostName === null
            ? "Timeline"
            : `Timeline of ${serviceName && subject.serviceId ? `${serviceName} on ` : ""}${hostName}`
        }
        subtitle={`${formatAbsolute(fromMs)} to ${range.isLive ? "now, going on" : formatAbsolute(untilMs)}`}
      />
      <section className="panel asked" aria-label="What is shown">
        <div className="filter-bar">
          <RangePicker
            label="Length of the timeline"
            ranges={timelineLengths}
            range={chosenLength ?? { text: "", name: "2h", lengthMs }}
            onChange={(chosen) => change({ last: chosen.name, fromMs: null, untilMs: null })}
          />
          <fieldset className="views plain" aria-label="Move">
            <button
              type="button"
              className="view"
              onClick={() => show({ fromMs: fromMs - lengthMs / 2, untilMs: untilMs - lengthMs / 2 })}
            >
              Earlier
            </button>
            <button
              type="button"
              className="view"
              disabled={range.isLive}
              onClick={() => show({ fromMs: fromMs + lengthMs / 2, untilMs: untilMs + lengthMs / 2 })}
            >
              Later
            </button>
            <button
              type="button"
              className="view"
              onClick={() => show({ fromMs: fromMs + lengthMs / 4, untilMs: untilMs - lengthMs / 4 })}
            >
              Zoom in
            </button>
            <button
              type="button"
              className="view"
              onClick={() => show({ fromMs: fromMs - lengthMs / 2, untilMs: untilMs + lengthMs / 2 })}
            >
              Zoom out
            </button>
          </fieldset>
          <HostPicker
            name={hostName ?? ""}
            onChoose={(id) => change({ hostId: id === null ? null : String(id), serviceId: null })}
          />
        </div>
        <div className="filter-bar">
          <fieldset className="views plain" aria-label="Kinds">
            {TimelineKind.options.map((kind) => (
              <button
                key={kind}
                type="button"
                className="view"
                aria-pressed={kinds.includes(kind)}
                onClick={() => toggle("kind", kinds, kind)}
              >
                {kindTitles[kind]}
              </button>
            ))}
          </fieldset>
          <fieldset className="views plain" aria-label="Severities">
            {TimelineSeverity.options.toReversed().map((severity) => (
              <button
                key={severity}
                type="button"
                className="view"
                aria-pressed={severities.includes(severity)}
                onClick={() => toggle("severity", severities, severity)}
              >
                {severityTitles[severity]}
              </button>
            ))}
          </fieldset>
        </div>
        {density ? <TimelineDrawing range={range} density={density} objects={objects} onRange={show} /> : null}
      </section>
      {error ? (
        <ErrorMessage error={error} onRetry={() => void Promise.all([query.refetch(), drawn.refetch()])} />
      ) : null}
      {query.isPending && !error ? <SkeletonLines count={8} /> : null}
      {entries.length > 0 ? (
        <Panel title="What happened" isFlush>
          <TimelineTable entries={entries} />
          {query.hasNextPage ? (
            <div className="panel-body">
              <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
                Show older
              </Button>
            </div>
          ) : null}
        </Panel>
      ) : null}
      {query.data && entries.length === 0 ? (
        <Message title="Nothing happened">
          <p>Nothing of these kinds in this time.</p>
        </Message>
      ) : null}
    </>
  );
}

function wordsOf<Word extends string>(text: string | null, known: readonly Word[]): Word[] {
  const words = text?.split(",") ?? [];
  return known.filter((word) => words.includes(word));
}
