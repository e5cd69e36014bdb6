import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { recoveryKitParts, recoveryKitText } from "@mycloud/protocol/recovery-kit";
import { useMutation } from "@tanstack/react-query";
import { type MouseEvent, useId, useState } from "react";
import { useConsole } from "../../providers/hooks.ts";
import { useCopy } from "../../record/useCopy.ts";
import { formatAbsolute } from "../../time/duration.ts";
import "../../theme/recovery-kit.css";

interface RecoveryKitProps {
  readonly repository: BackupRepository;
}

/** Shows, for this once, all that stock restic needs to get everything back. */
export function RecoveryKitButton({ repository }: RecoveryKitProps) {
  const [isOpen, setOpen] = useState(false);
  // The page behind the dialog is hidden from screen readers: nothing in it may keep the focus.
  const open = (event: MouseEvent<HTMLButtonElement>) => {
    event.currentTarget.blur();
    setOpen(true);
  };
  return (
    <>
      <Button variant="outlined" onClick={open}>
        Recovery kit
      </Button>
      {isOpen ? <RecoveryKitDialog repository={repository} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function RecoveryKitDialog({ repository, onClose }: RecoveryKitProps & { readonly onClose: () => void }) {
  const titleId = useId();
  const provider = useConsole();
  // The key is in this dialog alone: it is gone when the dialog is.
  const make = useMutation({ mutationFn: () => provider.recoveryKit(repository.id), gcTime: 0 });
  const kit = make.data;
  const text = kit === undefined ? "" : recoveryKitText(recoveryKitParts(kit));
  const isPrivate = repository.keyMode === "private";
  return (
    <Dialog open onClose={onClose} aria-labelledby={titleId} maxWidth="md" fullWidth className="recovery-kit">
      <DialogTitle id={titleId}>
        Recovery kit of {repository.policyName} on {repository.hostName}
      </DialogTitle>
      <DialogContent>
        {kit === undefined ? (
          <>
            <p>What to type into stock restic to get everything back, with no MyCloud at all.</p>
            <div className="notice bad">
              {isPrivate
                ? "The key of this backup is on its host alone: the kit has the place and a token that reads it for a week. Print the key there, with mycloud recovery-kit."
                : "Whoever has it can read every file in this backup. It has the password, and a token that reads the storage server for a week. Print it, and keep it away from the machine."}{" "}
              It is shown this once; the audit keeps who asked for it.
            </div>
            {make.error ? (
              <p className="fault" role="alert">
                {make.error.message}
              </p>
            ) : null}
          </>
        ) : (
          <div className="stack">
            <div className="notice bad">
              <b>Whoever has this can read every file in this backup.</b> Print it and keep it away from the machine.
              The token holds until {formatAbsolute(kit.tokenExpiresAtMs)}, the password for as long as the backup is.
            </div>
            <figure className="kit" aria-label="Recovery kit">
              <pre className="output">{text}</pre>
            </figure>
          </div>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{kit === undefined ? "Cancel" : "Close"}</Button>
        {kit === undefined ? (
          <Button variant="contained" disabled={make.isPending} onClick={() => make.mutate()}>
            Show it
          </Button>
        ) : (
          <>
            <CopyButton text={text} />
            <Button variant="contained" onClick={() => window.print()}>
              Print
            </Button>
          </>
        )}
      </DialogActions>
    </Dialog>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const { onCopy, label } = useCopy(text);
  return (
    <Button variant="outlined" onClick={onCopy}>
      {label}
    </Button>
  );
}
