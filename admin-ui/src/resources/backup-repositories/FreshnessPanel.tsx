import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { Link } from "react-router-dom";
import { Facts, Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { objectiveText, shareText } from "../backup-policies/policy-text.ts";
import { burnText, snapshotPath } from "./repository-text.ts";

/** How old the newest snapshot is against what was promised (RPO), over the month and at present. */
export function FreshnessPanel({ repository }: { readonly repository: BackupRepository }) {
  const { lastSnapshotAtMs, rpoSeconds, withinRpoShare, burnRate } = repository;
  const path = snapshotPath(repository);
  const burn = burnText(burnRate);
  return (
    <Panel title="Freshness">
      <Facts
        facts={[
          [
            "Newest snapshot",
            lastSnapshotAtMs === null ? (
              "none yet"
            ) : (
              <span key="newest" className="row">
                <RelativeTime atMs={lastSnapshotAtMs} />
                {path === null ? null : <Link to={path}>Look into it</Link>}
              </span>
            ),
          ],
          ["May be as old as (RPO)", rpoSeconds === null ? "nothing is promised" : objectiveText(rpoSeconds)],
          ["Kept in the last 30 days", withinRpoShare === null ? null : shareText(withinRpoShare)],
          [
            "Burn rate",
            burn === null ? null : (
              <span key="burn" className={burn.tone}>
                {burn.text}
              </span>
            ),
          ],
        ]}
      />
    </Panel>
  );
}
