import TextField from "@mui/material/TextField";
import { useConsole } from "../providers/hooks.ts";
import { ActionDialog } from "./ActionDialog.tsx";
import { type ActionProps, targetsText } from "./action-target.ts";
import { useBulkVerb } from "./useBulkVerb.ts";

/** Writes a remark on each of what was chosen. */
export function CommentDialog({ targets, onClose, onDone }: ActionProps) {
  const provider = useConsole();
  const verb = useBulkVerb(
    "Comment added",
    async (text: string) => {
      for (const { hostId, serviceId } of targets)
        await provider.create("comments", { data: { hostId, serviceId, text } });
      return undefined;
    },
    onDone,
  );
  return (
    <ActionDialog
      title={`Comment on ${targetsText(targets)}`}
      submitText="Add comment"
      isBusy={verb.isPending}
      onClose={onClose}
      onSubmit={(fields) => verb.mutate(String(fields.get("text")).trim())}
    >
      <TextField
        name="text"
        label="Comment"
        autoFocus
        required
        multiline
        minRows={3}
        slotProps={{ htmlInput: { maxLength: 10_000 } }}
      />
    </ActionDialog>
  );
}
