import type { HostLogPipeline, LogDestinationReport } from "@mycloud/protocol/log-source";
import { Link } from "react-router-dom";
import { Facts, Panel } from "../../record/Panel.tsx";
import { formatDuration } from "../../time/duration.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { sizeText } from "../backup-runs/run-text.ts";

const count = (value: number) => value.toLocaleString("en");

/** How a host's logs get on: what waits to be read and to be taken, and what was lost. */
export function LogPipelinePanel({ pipeline }: { pipeline: HostLogPipeline | null }) {
  if (pipeline === null) {
    return (
      <Panel title="Log shipping">
        <p className="quiet">
          No agent of this host has told of logs it reads. What it reads is said by{" "}
          <Link to="/log-sources">log sources</Link>.
        </p>
      </Panel>
    );
  }
  const notKept = pipeline.suppressed + pipeline.filtered;
  return (
    <Panel title="Log shipping">
      <Facts
        facts={[
          [
            "State",
            pipeline.isRunning && pipeline.fault === null ? (
              "running"
            ) : (
              <b className="tone-critical wrap" key="fault">
                {pipeline.fault ?? "the log shipper does not run"}
              </b>
            ),
          ],
          ["Told", <RelativeTime key="told" atMs={pipeline.reportedAtMs} />],
          [
            "Read",
            `${count(pipeline.lines)} lines of ${pipeline.sources === 1 ? "1 source" : `${count(pipeline.sources)} sources`} since the shipper's start`,
          ],
          ["Not yet read", sizeText(pipeline.lagBytes)],
          ...pipeline.destinations.map(
            (one) =>
              [`To ${one.name}`, <DestinationFact key={one.name} one={one} atMs={pipeline.reportedAtMs} />] as const,
          ),
          ...pipeline.faultySources.map(
            ({ name, fault }) =>
              [
                `Source ${name}`,
                <b className="tone-warning wrap" key={name}>
                  {fault}
                </b>,
              ] as const,
          ),
          ...[...Map.groupBy(pipeline.notices, ({ name }) => name)].map(
            ([name, notices]) => [`Noticed of ${name}`, <Notices key={name} notices={notices} />] as const,
          ),
          ["Left out on purpose", count(notKept)],
          ["Not understood", count(pipeline.parseFailures)],
          ["Lost before it was read", <Losses key="lost" losses={pipeline.lost} />],
        ]}
      />
    </Panel>
  );
}

function DestinationFact({ one, atMs }: { one: LogDestinationReport; atMs: number }) {
  const waits = one.oldestAtMs === null ? null : formatDuration((atMs - one.oldestAtMs) / 1000);
  const dropped = one.droppedRecords + one.refusedRecords;
  return (
    <span className="wrap">
      {waits === null
        ? "nothing waits"
        : `${sizeText(one.bytes)} of ${sizeText(one.maximumBytes)} wait, the oldest for ${waits}`}
      {one.lastError === null ? null : <b className="tone-warning">, {one.lastError}</b>}
      {dropped === 0 ? null : <b className="tone-critical">, {count(dropped)} dropped</b>}
    </span>
  );
}

function Notices({ notices }: { notices: HostLogPipeline["notices"] }) {
  return notices.map(({ notice }) => (
    <div className="tone-warning wrap" key={notice}>
      {notice}
    </div>
  ));
}

function Losses({ losses }: { losses: number }) {
  return losses === 0 ? <span>none</span> : <b className="tone-critical">{count(losses)}</b>;
}
