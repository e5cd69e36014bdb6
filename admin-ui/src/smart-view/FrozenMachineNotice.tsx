import type { Machine } from "@mycloud/protocol/machine";
import { Link } from "react-router-dom";
import { FrozenActions } from "../resources/backup-repositories/FrozenNotice.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";

/** Tells the owner of a machine, in plain words, that nothing old is thrown away, and why; nothing while all goes its way. */
export function FrozenMachineNotice({ machine }: { readonly machine: Machine }) {
  const frozen = machine.repositories.filter(({ frozenAtMs }) => frozenAtMs !== null);
  const isOneOfSeveral = machine.repositories.length > 1;
  return frozen.map((repository) => (
    <section key={repository.id} className="notice bad page-notice" aria-label={`Frozen: ${repository.policyName}`}>
      <p className="wrap">
        <b>
          Much of {isOneOfSeveral ? `“${repository.policyName}” on ` : ""}this machine changed at once, as when files
          are encrypted by an attacker.
        </b>{" "}
        Older snapshots are kept until somebody looks. Noticed <RelativeTime atMs={repository.frozenAtMs} />;{" "}
        <Link to={`/backup-repositories/${repository.id}/show`}>see what is known of it</Link>.
      </p>
      <FrozenActions repository={repository} />
    </section>
  ));
}
