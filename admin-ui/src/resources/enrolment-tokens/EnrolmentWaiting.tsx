import WaitingIcon from "@mui/icons-material/HourglassEmptyOutlined";
import Button from "@mui/material/Button";
import type { EnrolmentToken, EnrolmentTokenCreated } from "@mycloud/protocol/enrolment-token";
import { useGetOne } from "react-admin";
import { Link } from "react-router-dom";
import { CopyableCommand } from "../../record/CopyableCommand.tsx";
import { Panel } from "../../record/Panel.tsx";
import { StateIcon } from "../../state/StateIcon.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";

// Events tell of the enrolment at once; this is for when they do not come through.
const pollMs = 3_000;

/** The command to type, and what became of it: waiting until the host appears, then the way to it. */
export function EnrolmentWaiting({ created }: { created: EnrolmentTokenCreated }) {
  const { data: token = created } = useGetOne<EnrolmentToken>(
    "enrolment-tokens",
    { id: created.id },
    { refetchInterval: (query) => (query.state.data?.phase === "used" ? false : pollMs) },
  );
  return (
    <div className="stack form">
      <Panel title="1. Type this on the host, as root">
        <CopyableCommand text={created.command} label="Enrolment command" />
        <p className="hint">
          The token is shown this once. It lets {created.hostName ?? "one host"} in, and expires{" "}
          <RelativeTime atMs={created.expiresAtMs} />. Then start the agent with{" "}
          <code className="mono">mycloud agent</code>, or as the systemd unit it comes with.
        </p>
      </Panel>
      <Panel title="2. The host appears">
        <div role="status" aria-live="polite" className="row">
          {token.phase === "used" && token.usedByHostId !== null ? (
            <>
              <StateIcon state="UP" title="enrolled" />
              <span>
                <b>{token.usedByHostName}</b> has enrolled <RelativeTime atMs={token.usedAtMs} />.
              </span>
              <Button component={Link} to={`/hosts/${token.usedByHostId}/show`} variant="contained">
                Look at it
              </Button>
            </>
          ) : token.phase === "waiting" ? (
            <>
              <WaitingIcon className="tone-warning" aria-hidden />
              <span>Waiting for the host to appear…</span>
            </>
          ) : (
            <span>The token is {token.phase}; make a new one.</span>
          )}
        </div>
      </Panel>
    </div>
  );
}
