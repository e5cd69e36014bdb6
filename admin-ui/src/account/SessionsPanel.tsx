import Button from "@mui/material/Button";
import { useQuery } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useAccountProvider } from "../providers/account-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";

/** Where one is signed in. */
export function SessionsPanel() {
  const provider = useAccountProvider();
  const notify = useNotify();
  const { data, error, refetch } = useQuery({ queryKey: ["account", "sessions"], queryFn: () => provider.sessions() });

  async function end(work: Promise<void>) {
    await work.catch((fault: Error) => notify(fault.message, { type: "error" }));
    await refetch();
  }
  return (
    <Panel title="Where you are signed in">
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={2} />
        )
      ) : (
        <ul className="sessions">
          {data.map((session) => (
            <li key={session.id}>
              <span className="wrap">
                {session.userAgent ?? "unknown program"}
                <span className="quiet">
                  {" "}
                  {session.address ?? ""}, <RelativeTime atMs={session.lastUsedAtMs} />
                </span>
              </span>
              {session.isThis ? (
                <span className="mark">this one</span>
              ) : (
                <Button size="small" onClick={() => end(provider.endSession(session.id))}>
                  End
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {data !== undefined && data.length > 1 ? (
        <Button size="small" variant="outlined" onClick={() => end(provider.endOtherSessions())}>
          End all others
        </Button>
      ) : null}
    </Panel>
  );
}
