import DeleteIcon from "@mui/icons-material/DeleteOutlined";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import type { ResourceKind } from "@mycloud/protocol/resource";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type MouseEvent, useState } from "react";
import { useNotify, useRedirect } from "react-admin";
import { SkeletonLines } from "../layout/Message.tsx";
import { useConsole } from "../providers/hooks.ts";
import { kindTitle, resourceOf } from "./kind-path.ts";
import { UsedByList, useUsedBy } from "./UsedByPanel.tsx";

/** Deletes a definition after asking; one that others name is not deleted, and the dialog says by whom. */
export function DeleteDefinitionButton({ kind, id, name }: { kind: ResourceKind; id: number; name: string }) {
  const [isAsking, setAsking] = useState(false);
  const provider = useConsole();
  const queryClient = useQueryClient();
  const notify = useNotify();
  const redirect = useRedirect();
  const resource = resourceOf(kind);
  const users = useUsedBy(kind, name, isAsking);
  const remove = useMutation({
    mutationFn: () => provider.delete(resource, { id }),
    onSuccess: () => {
      notify(`${name} is deleted`, { type: "success" });
      redirect("list", resource);
      queryClient.invalidateQueries({ queryKey: [resource] }).catch(() => undefined);
    },
  });
  const isUsed = (users.data?.length ?? 0) > 0;
  const title = `Delete ${kindTitle(kind)} ${name}?`;
  // The page behind the dialog is hidden from screen readers: nothing in it may keep the focus.
  const ask = (event: MouseEvent<HTMLButtonElement>) => {
    event.currentTarget.blur();
    setAsking(true);
  };
  return (
    <>
      <Button variant="outlined" color="error" startIcon={<DeleteIcon />} onClick={ask}>
        Delete
      </Button>
      <Dialog open={isAsking} onClose={() => setAsking(false)} aria-label={title} maxWidth="sm" fullWidth>
        <DialogTitle>{title}</DialogTitle>
        <DialogContent>
          {users.isLoading ? <SkeletonLines count={2} /> : null}
          {isUsed ? (
            <>
              <p>It cannot be deleted while these name it; change them first.</p>
              <UsedByList users={users.data ?? []} />
            </>
          ) : null}
          {users.data && !isUsed ? <p>Nothing names it. This cannot be undone; the audit keeps what it was.</p> : null}
          {remove.error ? (
            <p role="alert" className="fault">
              {remove.error.message}
            </p>
          ) : null}
        </DialogContent>
        <DialogActions>
          <Button autoFocus onClick={() => setAsking(false)}>
            {isUsed ? "Close" : "Keep it"}
          </Button>
          {isUsed ? null : (
            <Button
              variant="contained"
              color="error"
              disabled={remove.isPending || users.isLoading}
              onClick={() => remove.mutate()}
            >
              Delete
            </Button>
          )}
        </DialogActions>
      </Dialog>
    </>
  );
}
