import TextField from "@mui/material/TextField";
import type { MachineSnapshot } from "@mycloud/protocol/machine";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { ActionDialog } from "../actions/ActionDialog.tsx";
import { type Place, type SmartViewProvider, useSmartView } from "../providers/smart-view-provider.ts";
import { fromLocalInput } from "../time/duration.ts";

interface SnapshotDialogProps {
  readonly place: Omit<Place, "path">;
  readonly snapshot: MachineSnapshot;
  readonly onClose: () => void;
}

/** Does something to a snapshot, then shows how it is now. */
function useSnapshotChange(onClose: () => void) {
  const provider = useSmartView();
  const notify = useNotify();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (work: (provider: SmartViewProvider) => Promise<void>) => work(provider),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["snapshots"] });
      onClose();
    },
    onError: (error) => notify(error.message, { type: "error" }),
  });
}

/** Keeps a snapshot from being forgotten, or lets it go. */
export function HoldDialog({ place, snapshot, onClose }: SnapshotDialogProps) {
  const change = useSnapshotChange(onClose);
  if (snapshot.hold !== null) {
    return (
      <ActionDialog
        title="Keep this snapshot no longer?"
        submitText="Keep no longer"
        isBusy={change.isPending}
        onClose={onClose}
        onSubmit={() => change.mutate((provider) => provider.hold(place, null))}
      >
        <p>It is kept because of “{snapshot.hold.reason}”. After this it goes by the policy's rules, as others do.</p>
      </ActionDialog>
    );
  }
  return (
    <ActionDialog
      title="Keep this snapshot"
      submitText="Keep it"
      isBusy={change.isPending}
      onClose={onClose}
      onSubmit={(fields) => {
        const untilMs = fromLocalInput(String(fields.get("until") ?? ""));
        change.mutate((provider) => provider.hold(place, { reason: String(fields.get("reason")).trim(), untilMs }));
      }}
    >
      <TextField
        name="reason"
        label="Why"
        required
        autoFocus
        helperText="as before the update, or as the auditor asked for"
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
      <TextField
        name="until"
        label="Until"
        type="datetime-local"
        helperText="empty: until somebody lets it go"
        slotProps={{ inputLabel: { shrink: true } }}
      />
    </ActionDialog>
  );
}

/** Writes a note and labels to a snapshot. */
export function NoteDialog({ place, snapshot, onClose }: SnapshotDialogProps) {
  const change = useSnapshotChange(onClose);
  return (
    <ActionDialog
      title="Note on this snapshot"
      submitText="Save"
      isBusy={change.isPending}
      onClose={onClose}
      onSubmit={(fields) => {
        const labels = String(fields.get("labels"))
          .split(",")
          .map((label) => label.trim())
          .filter((label) => label !== "");
        change.mutate((provider) => provider.note(place, { text: String(fields.get("text")), labels }));
      }}
    >
      <TextField
        name="text"
        label="Note"
        defaultValue={snapshot.note}
        autoFocus
        multiline
        minRows={2}
        slotProps={{ htmlInput: { maxLength: 2000 } }}
      />
      <TextField
        name="labels"
        label="Labels"
        defaultValue={snapshot.labels.join(", ")}
        helperText="with commas between"
      />
    </ActionDialog>
  );
}
