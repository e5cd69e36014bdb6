import Button from "@mui/material/Button";
import { TimelineKind } from "@mycloud/protocol/timeline";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useConsole } from "../../providers/hooks.ts";
import { Panel } from "../../record/Panel.tsx";
import { formatAbsolute } from "../../time/duration.ts";
import { useNow } from "../../time/NowContext.tsx";
import { binEntries } from "../../timeline/bin-entries.ts";
import { RangePicker } from "../../timeline/RangePicker.tsx";
import { TimelineList } from "../../timeline/TimelineList.tsx";

const ranges = [
  { text: "2 h", lengthMs: 7_200_000 },
  { text: "24 h", lengthMs: 86_400_000 },
  { text: "7 d", lengthMs: 7 * 86_400_000 },
  { text: "30 d", lengthMs: 30 * 86_400_000 },
] as const;
const bins = 48;

/** What happened, of everything or (`?hostId=`, `?serviceId=`) of one; the range and the kinds are in the address, so that it can be sent to somebody. */
export function TimelinePage() {
  const [search, setSearch] = useSearchParams();
  const provider = useConsole();
  const nowMs = Math.floor(useNow() / 60_000) * 60_000 + 60_000;
  const number = (name: string) => (search.has(name) ? Number(search.get(name)) : undefined);
  const untilMs = number("untilMs") ?? nowMs;
  const fromMs = number("fromMs") ?? untilMs - ranges[1].lengthMs;
  const kinds = search.get("kind")?.split(",") ?? [];
  const subject = { hostId: number("hostId"), serviceId: number("serviceId") };
  const change = (changes: Readonly<Record<string, string | null>>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    setSearch(next);
  };
  const zoom = (from: number, until: number) => change({ fromMs: String(from), untilMs: String(until) });

  const query = useInfiniteQuery({
    queryKey: ["timeline", subject, kinds.join(","), fromMs, untilMs],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      provider.timeline({ ...subject, fromMs, untilMs, kind: kinds.join(","), cursor: pageParam, limit: 200 }, signal),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const entries = query.data?.pages.flatMap((page) => page.data) ?? [];
  const counted = binEntries(
    entries.map((entry) => entry.atMs),
    fromMs,
    untilMs,
    bins,
  );
  const most = Math.max(1, ...counted.map((bin) => bin.count));
  const name = entries.find((entry) => entry.hostId === subject.hostId)?.hostName ?? null;
  const lengthMs = untilMs - fromMs;
  const range = ranges.find((each) => each.lengthMs === lengthMs);
  return (
    <>
      <PageHeader
        title={name === null ? "Timeline" : `Timeline of ${name}`}
        subtitle={`${formatAbsolute(fromMs)} to ${formatAbsolute(untilMs)}`}
        actions={
          subject.hostId === undefined ? null : (
            <Button component={Link} to="/timeline" variant="outlined">
              Of everything
            </Button>
          )
        }
      />
      <div className="filter-bar">
        <RangePicker
          label="Length of the timeline"
          ranges={ranges}
          range={range ?? { text: "", lengthMs }}
          onChange={(chosen) => change({ fromMs: String(nowMs - chosen.lengthMs), untilMs: null })}
        />
        <fieldset className="views plain" aria-label="Move">
          <button type="button" className="view" onClick={() => zoom(fromMs - lengthMs, fromMs)}>
            Earlier
          </button>
          <button type="button" className="view" onClick={() => zoom(untilMs, untilMs + lengthMs)}>
            Later
          </button>
          <button type="button" className="view" onClick={() => zoom(fromMs - lengthMs / 2, untilMs + lengthMs / 2)}>
            Zoom out
          </button>
        </fieldset>
        <fieldset className="views plain" aria-label="Kinds">
          {TimelineKind.options.map((kind) => (
            <button
              key={kind}
              type="button"
              className="view"
              aria-pressed={kinds.includes(kind)}
              onClick={() => {
                const next = kinds.includes(kind) ? kinds.filter((each) => each !== kind) : [...kinds, kind];
                change({ kind: next.length === 0 ? null : next.join(",") });
              }}
            >
              {kind}
            </button>
          ))}
        </fieldset>
      </div>
      {query.error ? <ErrorMessage error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending && !query.error ? <SkeletonLines count={8} /> : null}
      {entries.length > 0 ? (
        <Panel title="What happened" isFlush>
          <div className="timeline-bins">
            {counted.map((bin) => (
              <button
                key={bin.fromMs}
                type="button"
                disabled={bin.count === 0}
                aria-label={`${bin.count} from ${formatAbsolute(bin.fromMs)}: show only these`}
                title={`${bin.count} from ${formatAbsolute(bin.fromMs)}`}
                onClick={() => zoom(bin.fromMs, bin.untilMs)}
              >
                <span style={{ height: `${(bin.count / most) * 100}%` }} />
              </button>
            ))}
          </div>
          <TimelineList entries={entries} hasNames={subject.serviceId === undefined} />
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
