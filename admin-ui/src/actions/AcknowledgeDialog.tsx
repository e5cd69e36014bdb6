import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import TextField from "@mui/material/TextField";
import { useConsole } from "../providers/hooks.ts";
import { ActionDialog } from "./ActionDialog.tsx";
import { type ActionProps, targetIds, targetsText } from "./action-target.ts";
import { useBulkVerb } from "./useBulkVerb.ts";

/** Says that somebody is on it. */
export function AcknowledgeDialog({ targets, onClose, onDone }: ActionProps) {
  const provider = useConsole();
  const verb = useBulkVerb("Acknowledged", provider.acknowledge, onDone);
  return (
    <ActionDialog
      title={`Acknowledge ${targetsText(targets)}`}
      submitText="Acknowledge"
      isBusy={verb.isPending}
      onClose={onClose}
      onSubmit={(fields) =>
        verb.mutate({
          ...targetIds(targets),
          comment: String(fields.get("comment")).trim(),
          isSticky: fields.has("isSticky"),
          isNotified: fields.has("isNotified"),
        })
      }
    >
      <TextField
        name="comment"
        label="What is being done"
        placeholder="e.g. Looking at it; disk replacement ordered, ticket 4711"
        autoFocus
        required
        multiline
        minRows={2}
        slotProps={{ htmlInput: { maxLength: 2000 } }}
      />
      <FormControlLabel
        control={<Checkbox name="isSticky" defaultChecked />}
        label="Keep it until recovery, also when it gets worse"
      />
      <FormControlLabel
        control={<Checkbox name="isNotified" defaultChecked />}
        label="Tell the contacts that I am on it"
      />
    </ActionDialog>
  );
}
