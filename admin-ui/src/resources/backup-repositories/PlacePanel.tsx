import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { Facts, Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { sizeText } from "../backup-runs/run-text.ts";
import { quotaTone, usedShare } from "./repository-text.ts";

/** Where it is stored, and how much of it. */
export function PlacePanel({ repository }: { readonly repository: BackupRepository }) {
  const { usedBytes, quotaBytes, storageName, path, keyMode, customer, createdAtMs } = repository;
  return (
    <Panel title="Space and place">
      <div className="stack">
        <Used usedBytes={usedBytes} quotaBytes={quotaBytes} />
        <Facts
          facts={[
            ["Storage server", storageName],
            [
              "Repository",
              <code key="path" className="mono">
                {path}
              </code>,
            ],
            ["Key", keyMode === "private" ? "on the host alone" : "kept here, sealed"],
            ["Customer", customer],
            ["Made", <RelativeTime key="made" atMs={createdAtMs} />],
          ]}
        />
      </div>
    </Panel>
  );
}

function Used({ usedBytes, quotaBytes }: Pick<BackupRepository, "usedBytes" | "quotaBytes">) {
  if (usedBytes === null) return <p className="quiet">The storage server has not told yet what it takes.</p>;
  const share = usedShare({ usedBytes, quotaBytes });
  if (share === null || quotaBytes === null) return <div>{sizeText(usedBytes)} stored, without a quota</div>;
  const tone = quotaTone(share);
  return (
    <div>
      <b className={`tone-${tone}`}>{Math.round(share * 100)} %</b> used: {sizeText(usedBytes)} of{" "}
      {sizeText(quotaBytes)}
      <div className="proportion" aria-hidden>
        <span className={`fill-${tone}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
    </div>
  );
}
