import type { Host } from "@mycloud/protocol/host";
import { Link } from "react-router-dom";
import { LogSearch } from "../../logs/LogSearch.tsx";
import { LogSearchActions } from "../../logs/LogSearchActions.tsx";
import { shownTime } from "../../logs/log-view.ts";
import { logsOf } from "../../logs/logs-of.ts";
import { useLogAddress } from "../../logs/useLogAddress.ts";
import { LogPipelinePanel } from "./LogPipelinePanel.tsx";

/** What one host logs, searched and followed as on the page of all logs; and how it gets here. */
export function HostLogs({ host }: { readonly host: Host }) {
  const address = useLogAddress(host.id);
  return (
    <>
      <div className="row parts">
        <span className="quiet">{shownTime(address)}</span>
        <span className="row">
          <LogSearchActions address={address} />
          <Link to={logsOf(host.name, address.query)} title="Also those of senders that only call themselves so">
            Among all logs
          </Link>
        </span>
      </div>
      <LogSearch address={address} />
      <LogPipelinePanel pipeline={host.logPipeline ?? null} />
    </>
  );
}
