import TextField from "@mui/material/TextField";
import type { LiveEntry } from "@mycloud/protocol/agent-question";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { ActionDialog } from "../actions/ActionDialog.tsx";
import { useSmartView } from "../providers/smart-view-provider.ts";
import { childOf, parentOf } from "./view-address.ts";

/** What is to be done on the live machine. */
export type LiveDeed =
  | { readonly kind: "make-folder"; readonly folder: string }
  | { readonly kind: "rename" | "delete" | "edit"; readonly entry: LiveEntry };

interface LiveDialogProps {
  readonly machineId: number;
  readonly deed: LiveDeed;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks for what a deed needs, and does it. */
export function LiveDialog({ machineId, deed, onClose, onDone }: LiveDialogProps) {
  const provider = useSmartView();
  const notify = useNotify();
  const work = useMutation({
    mutationFn: (doing: () => Promise<void>) => doing(),
    onSuccess: onDone,
    onError: (error) => notify(error.message, { type: "error" }),
  });
  const text = useQuery({
    queryKey: ["live-text", machineId, deed],
    queryFn: ({ signal }) => (deed.kind === "edit" ? provider.liveText(machineId, deed.entry.path, signal) : ""),
    enabled: deed.kind === "edit",
    gcTime: 0,
  });
  const shared = { isBusy: work.isPending, onClose };
  if (deed.kind === "make-folder") {
    return (
      <ActionDialog
        {...shared}
        title="New folder"
        submitText="Make it"
        onSubmit={(fields) =>
          work.mutate(() =>
            provider.changeLive(machineId, "make-folder", { path: childOf(deed.folder, String(fields.get("name"))) }),
          )
        }
      >
        <TextField name="name" label="Name" required autoFocus />
      </ActionDialog>
    );
  }
  const { entry } = deed;
  if (deed.kind === "delete") {
    return (
      <ActionDialog
        {...shared}
        title={`Delete ${entry.name}?`}
        submitText="Delete"
        onSubmit={() =>
          work.mutate(() =>
            provider.changeLive(machineId, "delete", { path: entry.path, isRecursive: entry.type === "dir" }),
          )
        }
      >
        <p>
          {entry.type === "dir" ? "The folder and all that is in it goes" : "It goes"} from the machine. What was backed
          up can be brought back from a snapshot.
        </p>
      </ActionDialog>
    );
  }
  if (deed.kind === "rename") {
    return (
      <ActionDialog
        {...shared}
        title={`Rename ${entry.name}`}
        submitText="Rename"
        onSubmit={(fields) =>
          work.mutate(() =>
            provider.changeLive(machineId, "rename", {
              path: entry.path,
              to: childOf(parentOf(entry.path), String(fields.get("name"))),
            }),
          )
        }
      >
        <TextField name="name" label="New name" defaultValue={entry.name} required autoFocus />
      </ActionDialog>
    );
  }
  return (
    <ActionDialog
      {...shared}
      title={`Edit ${entry.name}`}
      submitText="Save"
      isBusy={work.isPending || text.data === undefined}
      onSubmit={(fields) =>
        work.mutate(() =>
          // Browsers send line ends as CR LF; the file keeps its own.
          provider.writeLive(
            machineId,
            entry.path,
            new Blob([withEnds(String(fields.get("text")), text.data ?? "")]),
            entry.version,
          ),
        )
      }
    >
      {text.data === undefined ? (
        <p role="status">{text.error?.message ?? "Fetching it…"}</p>
      ) : (
        <TextField name="text" label="Content" defaultValue={text.data} multiline minRows={10} maxRows={24} autoFocus />
      )}
    </ActionDialog>
  );
}

function withEnds(typed: string, before: string): string {
  const plain = typed.replaceAll("\r\n", "\n");
  return before.includes("\r\n") ? plain.replaceAll("\n", "\r\n") : plain;
}
