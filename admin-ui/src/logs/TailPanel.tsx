import { Message } from "../layout/Message.tsx";
import { Panel } from "../record/Panel.tsx";
import { LogList } from "./LogList.tsx";
import { useTail } from "./useTail.ts";

interface TailPanelProps {
  readonly query: string;
  readonly onTerm: (term: string) => void;
  readonly onContext: (id: string) => void;
}

/** Records as they come, newest first. */
export function TailPanel({ query, onTerm, onContext }: TailPanelProps) {
  const { records, skipped, state } = useTail(query);
  const left = skipped > 0 ? `, ${skipped} left out` : "";
  return (
    <Panel
      title="As they come"
      isFlush
      end={
        <span className="quiet" role="status">
          {state === "live" ? "live" : "connecting…"}, {records.length} shown{left}
        </span>
      }
    >
      {records.length === 0 ? (
        <Message title="Waiting for what comes" />
      ) : (
        <LogList records={records} label="Records as they come" onTerm={onTerm} onContext={onContext} />
      )}
    </Panel>
  );
}
