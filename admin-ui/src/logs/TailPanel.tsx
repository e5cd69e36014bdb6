import { useState } from "react";
import { Message } from "../layout/Message.tsx";
import { Panel } from "../record/Panel.tsx";
import { LogList } from "./LogList.tsx";
import { useHeld } from "./useHeld.ts";
import { useTail } from "./useTail.ts";

interface TailPanelProps {
  readonly query: string;
  /** False where all are of one host. */
  readonly hasHost: boolean;
  readonly onTerm: (term: string) => void;
  readonly onContext: (id: string) => void;
}

/** Records as they come, newest first. While somebody reads one, newer ones wait. */
export function TailPanel({ query, hasHost, onTerm, onContext }: TailPanelProps) {
  const [isReading, setReading] = useState(false);
  const [begun, setBegun] = useState(0);
  const tail = useTail(query);
  const { records } = useHeld(tail, isReading, query);
  const left = tail.skipped > 0 ? `, ${tail.skipped} left out` : "";
  return (
    <Panel
      title="As they come"
      isFlush
      end={
        <>
          {records[0] === tail.records[0] ? null : (
            <button type="button" className="view" onClick={() => setBegun(begun + 1)}>
              Newer ones
            </button>
          )}
          <span className="quiet" role="status">
            {tail.state === "live" ? "live" : "connecting…"}, {records.length} shown{left}
          </span>
        </>
      }
    >
      {records.length === 0 ? (
        <Message title="Waiting for what comes" />
      ) : (
        <LogList
          key={`${query} ${begun}`}
          records={records}
          label="Records as they come"
          hasHost={hasHost}
          onTerm={onTerm}
          onContext={onContext}
          onReading={setReading}
        />
      )}
    </Panel>
  );
}
