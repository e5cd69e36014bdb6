import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useConsole } from "../providers/hooks.ts";
import { formatDuration, fromLocalInput, toLocalInput } from "../time/duration.ts";
import { ActionDialog } from "./ActionDialog.tsx";
import { type ActionProps, downtimeSelectors, targetsText } from "./action-target.ts";
import { useBulkVerb } from "./useBulkVerb.ts";

const lengths = [
  ["30 min", 1_800_000],
  ["1 h", 3_600_000],
  ["2 h", 7_200_000],
  ["8 h", 28_800_000],
  ["1 day", 86_400_000],
  ["1 week", 604_800_000],
] as const;

/** Plans a downtime over what was chosen: from now for two hours, unless said otherwise. */
export function DowntimeDialog({ targets, onClose, onDone }: ActionProps) {
  const provider = useConsole();
  const [start, setStart] = useState(() => toLocalInput(Date.now()));
  const [end, setEnd] = useState(() => toLocalInput(Date.now() + 7_200_000));
  const [isFlexible, setFlexible] = useState(false);
  const [minutes, setMinutes] = useState("30");
  const durationSeconds = Math.round(Number(minutes) * 60);
  const isLengthRight = !isFlexible || (durationSeconds >= 60 && durationSeconds <= 31_622_400);
  const startAtMs = fromLocalInput(start);
  const endAtMs = fromLocalInput(end);
  const isForward = startAtMs !== null && endAtMs !== null && endAtMs > startAtMs;
  const verb = useBulkVerb(
    "Downtime set",
    async (comment: string) => {
      if (startAtMs === null || endAtMs === null) return undefined;
      for (const selector of downtimeSelectors(targets)) {
        const flexible = isFlexible ? { isFixed: false, durationSeconds } : {};
        await provider.create("downtimes", { data: { selector, startAtMs, endAtMs, comment, ...flexible } });
      }
      return undefined;
    },
    onDone,
  );
  const hasWholeHosts = targets.some((target) => target.serviceId === null);
  return (
    <ActionDialog
      title={`Downtime for ${targetsText(targets)}`}
      submitText="Set downtime"
      isBusy={verb.isPending || !isForward || !isLengthRight}
      onClose={onClose}
      onSubmit={(fields) => verb.mutate(String(fields.get("comment")).trim())}
    >
      <TextField name="comment" label="Why" autoFocus required slotProps={{ htmlInput: { maxLength: 2000 } }} />
      <div className="form-grid">
        <TextField
          label="From"
          type="datetime-local"
          value={start}
          onChange={(event) => setStart(event.target.value)}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <TextField
          label="Until"
          type="datetime-local"
          value={end}
          onChange={(event) => setEnd(event.target.value)}
          error={!isForward}
          helperText={isForward ? `for ${formatDuration((endAtMs - startAtMs) / 1000)}` : "must be after the start"}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      </div>
      <div className="row">
        {lengths.map(([text, lengthMs]) => (
          <Button
            key={text}
            variant="outlined"
            onClick={() => setEnd(toLocalInput((startAtMs ?? Date.now()) + lengthMs))}
          >
            {text}
          </Button>
        ))}
      </div>
      <FormControlLabel
        control={<Checkbox checked={isFlexible} onChange={(event) => setFlexible(event.target.checked)} />}
        label="Flexible: begins with the first bad state in this time"
      />
      {isFlexible ? (
        <TextField
          label="And lasts, minutes"
          type="number"
          value={minutes}
          error={!isLengthRight}
          helperText={isLengthRight ? "for each host and service by itself" : "must be a minute at least"}
          onChange={(event) => setMinutes(event.target.value)}
          slotProps={{ htmlInput: { min: 1 } }}
        />
      ) : null}
      {hasWholeHosts ? (
        <p className="hint">A host's downtime covers all its services, also those added later.</p>
      ) : null}
    </ActionDialog>
  );
}
