import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormLabel from "@mui/material/FormLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useConsole } from "../providers/hooks.ts";
import { formatDuration, fromLocalInput, toLocalInput } from "../time/duration.ts";
import { ActionDialog } from "./ActionDialog.tsx";
import { acknowledgementOf } from "./acknowledgement-of.ts";
import { type ActionProps, targetIds, targetsText } from "./action-target.ts";
import { useBulkVerb } from "./useBulkVerb.ts";

const hourMs = 3_600_000;

/** Says that somebody is on it: until it is resolved, until it gets worse or changes, or until a time. */
export function AcknowledgeDialog({ targets, onClose, onDone }: ActionProps) {
  const provider = useConsole();
  const verb = useBulkVerb("Acknowledged", provider.acknowledge, onDone);
  const [hasEnd, setHasEnd] = useState(false);
  const [end, setEnd] = useState(() => toLocalInput(Date.now() + 4 * hourMs));
  const endAtMs = fromLocalInput(end);
  const isAhead = endAtMs !== null && endAtMs > Date.now();
  return (
    <ActionDialog
      title={`Acknowledge ${targetsText(targets)}`}
      submitText="Acknowledge"
      isBusy={verb.isPending || (hasEnd && !isAhead)}
      onClose={onClose}
      onSubmit={(fields) =>
        verb.mutate({ ...targetIds(targets), ...acknowledgementOf(fields, hasEnd ? endAtMs : null) })
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
      <FormLabel id="acknowledged-until" sx={{ display: "block", mt: 1 }}>
        It holds
      </FormLabel>
      <RadioGroup name="until" defaultValue="resolved" aria-labelledby="acknowledged-until">
        <FormControlLabel
          value="resolved"
          control={<Radio size="small" />}
          label="until recovery, also when it gets worse"
        />
        <FormControlLabel value="worse" control={<Radio size="small" />} label="until it gets worse" />
        <FormControlLabel value="changed" control={<Radio size="small" />} label="until the state changes in any way" />
      </RadioGroup>
      <FormControlLabel
        control={<Checkbox checked={hasEnd} onChange={(event) => setHasEnd(event.target.checked)} />}
        label="and no longer than to a time; I am told when it runs out"
      />
      {hasEnd ? (
        <TextField
          label="Until"
          type="datetime-local"
          value={end}
          onChange={(event) => setEnd(event.target.value)}
          error={!isAhead}
          helperText={isAhead ? `for ${formatDuration((endAtMs - Date.now()) / 1000)}` : "must be ahead of now"}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      ) : null}
      <div>
        <FormControlLabel
          control={<Checkbox name="isNotified" defaultChecked />}
          label="Tell the contacts that I am on it"
        />
      </div>
      <FormControlLabel control={<Checkbox name="isPersistent" />} label="Keep the comment when it has ended" />
    </ActionDialog>
  );
}
