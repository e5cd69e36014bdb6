import CommentIcon from "@mui/icons-material/AddCommentOutlined";
import DowntimeIcon from "@mui/icons-material/EventBusyOutlined";
import AcknowledgeIcon from "@mui/icons-material/HowToRegOutlined";
import UnacknowledgeIcon from "@mui/icons-material/PersonOffOutlined";
import CheckNowIcon from "@mui/icons-material/RefreshOutlined";
import Button from "@mui/material/Button";
import { useState } from "react";
import { useConsole, useMayAct } from "../providers/hooks.ts";
import { AcknowledgeDialog } from "./AcknowledgeDialog.tsx";
import { type ActionTarget, targetIds } from "./action-target.ts";
import { CommentDialog } from "./CommentDialog.tsx";
import { DowntimeDialog } from "./DowntimeDialog.tsx";
import { useBulkVerb } from "./useBulkVerb.ts";

interface ActionButtonsProps {
  readonly targets: readonly ActionTarget[];
  /** Whether there is something to acknowledge, and something acknowledged. */
  readonly canAcknowledge: boolean;
  readonly canRemoveAcknowledgement: boolean;
  readonly onDone?: () => void;
}

type Open = "acknowledge" | "downtime" | "comment" | null;

/** What an operator can do with hosts and services; nothing for a viewer. */
export function ActionButtons({ targets, canAcknowledge, canRemoveAcknowledgement, onDone }: ActionButtonsProps) {
  const provider = useConsole();
  const mayAct = useMayAct();
  const [open, setOpen] = useState<Open>(null);
  const finished = () => {
    setOpen(null);
    onDone?.();
  };
  const checkNow = useBulkVerb("Checking now", provider.checkNow, finished);
  const remove = useBulkVerb("Acknowledgement removed", provider.removeAcknowledgement, finished);
  if (!mayAct) return null;
  return (
    <>
      {canAcknowledge ? (
        <Button variant="contained" startIcon={<AcknowledgeIcon />} onClick={() => setOpen("acknowledge")}>
          Acknowledge
        </Button>
      ) : null}
      {canRemoveAcknowledgement ? (
        <Button
          variant="outlined"
          startIcon={<UnacknowledgeIcon />}
          disabled={remove.isPending}
          onClick={() => remove.mutate(targetIds(targets))}
        >
          Remove acknowledgement
        </Button>
      ) : null}
      <Button variant="outlined" startIcon={<DowntimeIcon />} onClick={() => setOpen("downtime")}>
        Downtime
      </Button>
      <Button variant="outlined" startIcon={<CommentIcon />} onClick={() => setOpen("comment")}>
        Comment
      </Button>
      <Button
        variant="outlined"
        startIcon={<CheckNowIcon />}
        disabled={checkNow.isPending}
        onClick={() => checkNow.mutate(targetIds(targets))}
      >
        Check now
      </Button>
      {open === "acknowledge" ? (
        <AcknowledgeDialog targets={targets} onClose={() => setOpen(null)} onDone={finished} />
      ) : null}
      {open === "downtime" ? (
        <DowntimeDialog targets={targets} onClose={() => setOpen(null)} onDone={finished} />
      ) : null}
      {open === "comment" ? <CommentDialog targets={targets} onClose={() => setOpen(null)} onDone={finished} /> : null}
    </>
  );
}
