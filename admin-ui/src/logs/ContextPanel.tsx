import Button from "@mui/material/Button";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useLogs } from "../providers/logs-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { LogList } from "./LogList.tsx";

interface ContextPanelProps {
  readonly recordId: string;
  readonly onClose: () => void;
  /** False where all are of one host. */
  readonly hasHost: boolean;
  readonly onTerm: (term: string) => void;
  readonly onContext: (id: string) => void;
}

const first = 25;
const most = 500;

/** What the same host wrote to the same log before and after a record. */
export function ContextPanel({ recordId, onClose, hasHost, onTerm, onContext }: ContextPanelProps) {
  const logs = useLogs();
  const [around, setAround] = useState(first);
  const { data, error, refetch } = useQuery({
    queryKey: ["logs", "context", recordId, around],
    queryFn: ({ signal }) => logs.context(recordId, around, signal),
    placeholderData: (before) => before,
    retry: false,
  });
  return (
    <div className="log-context">
      <Panel
        title="Before and after"
        isFlush
        end={
          <>
            {around < most ? (
              <Button size="small" onClick={() => setAround(Math.min(most, around * 4))}>
                Show more
              </Button>
            ) : null}
            <Button size="small" onClick={onClose}>
              Close
            </Button>
          </>
        }
      >
        {error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : data === undefined ? (
          <SkeletonLines count={6} />
        ) : (
          <LogList
            records={data}
            label="Records before and after"
            markedId={recordId}
            hasHost={hasHost}
            onTerm={onTerm}
            onContext={onContext}
          />
        )}
      </Panel>
    </div>
  );
}
