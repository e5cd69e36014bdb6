import Button from "@mui/material/Button";
import type { Downtime } from "@mycloud/protocol/downtime";
import { useState } from "react";
import { Confirm } from "react-admin";
import { useBulkVerb } from "../../actions/useBulkVerb.ts";
import { useConsole, useMayAct } from "../../providers/hooks.ts";
import { serviceSelectorText } from "../../selector/selector-text.ts";

/** Ends a downtime before its time. */
export function CancelDowntimeButton({ downtime }: { downtime: Downtime }) {
  const provider = useConsole();
  const mayAct = useMayAct();
  const [isAsking, setAsking] = useState(false);
  const cancel = useBulkVerb(
    "Downtime cancelled",
    async () => {
      await provider.cancelDowntime(downtime.id);
      return undefined;
    },
    () => setAsking(false),
  );
  if (!mayAct || (downtime.phase !== "active" && downtime.phase !== "pending")) return null;
  return (
    <>
      <Button variant="outlined" onClick={() => setAsking(true)}>
        Cancel
      </Button>
      <Confirm
        isOpen={isAsking}
        loading={cancel.isPending}
        title="Cancel this downtime?"
        content={`${serviceSelectorText(downtime.selector)}: problems are told of again at once.`}
        confirm="Cancel the downtime"
        cancel="Keep it"
        onConfirm={() => cancel.mutate(undefined)}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
