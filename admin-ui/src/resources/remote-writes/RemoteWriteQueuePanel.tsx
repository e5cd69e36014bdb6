import { useQuery } from "@tanstack/react-query";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useConsole } from "../../providers/hooks.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { waitingText } from "./remote-write-text.ts";

function useQueues() {
  const provider = useConsole();
  return useQuery({
    queryKey: ["remote-write-queues"],
    queryFn: ({ signal }) => provider.remoteWriteQueues(signal),
    refetchInterval: 10_000,
  });
}

/** A remote write's queue in a few words. */
export function RemoteWriteQueueText({ id }: { id: number }) {
  const queue = useQueues().data?.find((each) => each.remoteWriteId === id);
  if (!queue) return <span className="quiet">—</span>;
  return (
    <span className="clip" title={queue.lastError ?? undefined}>
      {queue.lastError === null ? null : <b className="tone-critical">fails </b>}
      {waitingText(queue)}
    </span>
  );
}

/** What waits, what was written, and why nothing goes through. */
export function RemoteWriteQueuePanel({ id }: { id: number }) {
  const { data, error, refetch } = useQueues();
  const queue = data?.find((each) => each.remoteWriteId === id);
  return (
    <Panel title="Queue">
      {error && !data ? <ErrorMessage error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonLines count={3} /> : null}
      {data && !queue ? <p className="quiet">It is disabled: nothing is written, and what waits is kept.</p> : null}
      {queue ? (
        <>
          {queue.lastError === null ? null : (
            <p className="crossed" style={{ paddingLeft: 10, marginBottom: 8 }}>
              {queue.lastError}
            </p>
          )}
          <Facts
            facts={[
              ["Waiting", waitingText(queue)],
              ["Samples written", queue.sentSamples.toLocaleString("en")],
              ["Refused by the store", queue.refusedSamples.toLocaleString("en")],
              ["Dropped, the queue being full", `${queue.droppedBytes.toLocaleString("en")} bytes`],
              ["Last written", <RelativeTime key="last" atMs={queue.lastSentAtMs} />],
            ]}
          />
          <p className="hint">Counted since this control plane started.</p>
        </>
      ) : null}
    </Panel>
  );
}
