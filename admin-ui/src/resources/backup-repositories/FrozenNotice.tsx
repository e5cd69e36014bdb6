import Button from "@mui/material/Button";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { type MouseEvent, useState } from "react";
import { Link } from "react-router-dom";
import { ActionDialog } from "../../actions/ActionDialog.tsx";
import { useMayAct } from "../../providers/hooks.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { useRepositoryVerb } from "./useRepositoryVerb.ts";

interface RepositoryProps {
  readonly repository: BackupRepository;
}

/** Since when and why nothing is thrown away; nothing while it is. */
export function FrozenNotice({ repository }: RepositoryProps) {
  const { frozenAtMs, frozenReason } = repository;
  if (frozenAtMs === null) return null;
  return (
    <section className="notice bad page-notice" aria-label="Frozen">
      <p className="wrap">
        <b>Frozen</b> <RelativeTime atMs={frozenAtMs} />: {frozenReason ?? "a change looked like an attack"}.
      </p>
      <p>
        Nothing is forgotten or pruned, and every snapshot from before is held, until somebody has looked and says that
        the change was meant.
      </p>
      <FrozenActions repository={repository} />
    </section>
  );
}

/** What to do about a frozen backup: look at what changed, then say that it was meant. */
export function FrozenActions({ repository }: RepositoryProps) {
  const { hostId, id } = repository;
  const mayAct = useMayAct();
  return (
    <div className="row">
      {hostId === null ? null : (
        <Button component={Link} size="small" variant="outlined" to={`/machines/${hostId}/compare?repository=${id}`}>
          What changed
        </Button>
      )}
      {mayAct ? <ReleaseButton repository={repository} /> : null}
    </div>
  );
}

function ReleaseButton({ repository }: RepositoryProps) {
  const [isAsking, setAsking] = useState(false);
  const release = useRepositoryVerb(repository, "release-freeze", "Released: what is kept goes by the policy again");
  // The page behind the dialog is hidden from screen readers: nothing in it may keep the focus.
  const ask = (event: MouseEvent<HTMLButtonElement>) => {
    event.currentTarget.blur();
    setAsking(true);
  };
  return (
    <>
      <Button size="small" variant="outlined" onClick={ask}>
        It was meant: release
      </Button>
      {isAsking ? (
        <ActionDialog
          title="Was this change meant?"
          submitText="It was meant: release"
          isBusy={release.isPending}
          onClose={() => setAsking(false)}
          onSubmit={() => release.mutate(undefined, { onSettled: () => setAsking(false) })}
        >
          <p className="wrap">
            {repository.policyName} on {repository.hostName}: {repository.frozenReason ?? "it looked like an attack"}.
          </p>
          <p>
            Release it only if you know what changed these files. The holds on the snapshots from before are taken away,
            and old snapshots are forgotten and pruned again as the policy says. If the files were encrypted by somebody
            else, the good ones would be gone with time.
          </p>
          <p>The audit keeps who released it.</p>
        </ActionDialog>
      ) : null}
    </>
  );
}
