import type { ResourceKind, UsedBy } from "@mycloud/protocol/resource";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useConsole, useMayAccess } from "../providers/hooks.ts";
import { Panel } from "../record/Panel.tsx";
import { kindTitle, pageOf } from "./kind-path.ts";

/** What names a definition, asked of the server; never answered to those bound to a customer. */
export function useUsedBy(kind: ResourceKind, name: string, isAsked = true) {
  const provider = useConsole();
  const mayAsk = useMayAccess("list", "references");
  return useQuery({
    queryKey: ["references", kind, name],
    queryFn: ({ signal }) => provider.usedBy(kind, name, signal),
    enabled: isAsked && mayAsk && name !== "",
  });
}

/** What uses a definition, each with a way to it. */
export function UsedByList({ users }: { users: readonly UsedBy[] }) {
  return (
    <ul className="used-by">
      {users.map((user) => (
        <li key={`${user.kind} ${user.id} ${user.field}`}>
          <span className="quiet">{kindTitle(user.kind)}</span>
          <Link className="strong wrap" to={pageOf(user.kind, user.id)}>
            {user.name}
          </Link>
          <span className="quiet">as {user.field}</span>
        </li>
      ))}
    </ul>
  );
}

export function UsedByPanel({ kind, name }: { kind: ResourceKind; name: string }) {
  const { data, error, refetch } = useUsedBy(kind, name);
  return (
    <Panel title="Used by">
      {error && !data ? <ErrorMessage error={error} onRetry={refetch} /> : null}
      {!data && !error ? <SkeletonLines count={2} /> : null}
      {data?.length === 0 ? (
        <p className="quiet" style={{ margin: 0 }}>
          {kind === "HostGroup"
            ? "Hosts and selectors name the group itself; deleting this takes only its description away."
            : "Nothing names it. It can be deleted."}
        </p>
      ) : null}
      {data && data.length > 0 ? <UsedByList users={data} /> : null}
    </Panel>
  );
}
