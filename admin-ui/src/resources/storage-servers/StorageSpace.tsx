import type { Stored } from "@mycloud/protocol/definition";
import type { Service } from "@mycloud/protocol/service";
import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { Facts, Panel } from "../../record/Panel.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { sizeText } from "../backup-runs/run-text.ts";
import { fullText, storageFigures, storageWords } from "./storage-figures.ts";

type StorageServer = Stored<"StorageServer">;

/** The service that watches a storage server on the host it runs on; undefined while there is none. */
function useStorageService({ name, host }: StorageServer) {
  const serviceName = `storage ${name}`;
  const { data, error, refetch, isPending } = useGetList<Service>(
    "services",
    {
      pagination: { page: 1, perPage: 50 },
      sort: { field: "name", order: "ASC" },
      filter: { name: serviceName, hostName: host ?? "" },
    },
    { enabled: host !== null },
  );
  const service = data?.find((each) => each.name === serviceName && each.hostName === host);
  return { service, error, refetch, isPending: isPending && host !== null };
}

/** Space in a row of the list. */
export function StorageSpaceCell({ server }: { readonly server: StorageServer }) {
  const { service } = useStorageService(server);
  if (service === undefined) return <span className="quiet">{server.host === null ? "not watched" : "—"}</span>;
  return (
    <span className="row" style={{ flexWrap: "nowrap" }}>
      <StateChip {...service} />
      <span className="clip" title={service.output}>
        {storageWords(service.output)}
      </span>
    </span>
  );
}

/** Space, when it runs out, and what is stored, as its service tells every minute. */
export function StorageSpacePanel({ record: server }: { readonly record: StorageServer }) {
  const { service, error, refetch, isPending } = useStorageService(server);
  return (
    <Panel title="Space" end={service ? <Link to={`/services/${service.id}/show`}>history and charts</Link> : null}>
      {service ? (
        <SpaceFacts service={service} />
      ) : error ? (
        <ErrorMessage error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <SkeletonLines count={3} />
      ) : server.host === null ? (
        <p className="quiet">
          Say on which host it runs, and its space is watched there as the service “storage {server.name}”.
        </p>
      ) : (
        <p className="quiet">Nothing is known yet: there is no host {server.host}, or it was not asked so far.</p>
      )}
    </Panel>
  );
}

function SpaceFacts({ service }: { readonly service: Service }) {
  const { daysUntilFull, usedBytes, repositories, badObjects } = storageFigures(service.perfdata);
  return (
    <div className="stack">
      <div className="row">
        <StateChip {...service} isHandled={service.isAcknowledged || service.isInDowntime} />
        <span className="wrap">{storageWords(service.output)}</span>
      </div>
      <Facts
        facts={[
          ["Used", usedBytes === null ? null : sizeText(usedBytes)],
          ["Full", usedBytes === null ? null : fullText(daysUntilFull)],
          ["Repositories", repositories?.toLocaleString("en")],
          [
            "Damaged objects",
            badObjects === null ? null : (
              <span key="bad" className={badObjects > 0 ? "tone-critical" : undefined}>
                {badObjects.toLocaleString("en")}
              </span>
            ),
          ],
          ["Asked", <RelativeTime key="asked" atMs={service.lastCheckAtMs} />],
        ]}
      />
    </div>
  );
}
