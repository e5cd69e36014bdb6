import LinearProgress from "@mui/material/LinearProgress";
import type { RestoreRun } from "@mycloud/protocol/restore-run";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { planText, restoreText, tellsPlan } from "./restore-text.ts";

const actionWords = {
  create: "new",
  replace: "replaced",
  remove: "removed",
  metadata: "owner, mode or time",
  conflict: "changed since",
} as const;

/** A bringing-back: its plan, how far it is, how it ended. */
export function RestoreProgress({ run }: { readonly run: RestoreRun }) {
  const { plan, phase, bytesDone, bytesTotal, errors, errorCount } = run;
  const percent = bytesTotal > 0 ? Math.min(100, (bytesDone / bytesTotal) * 100) : null;
  const isRestoring = phase === "restoring";
  return (
    <div className="stack">
      <p role="status" className={phase === "failed" ? "tone-critical wrap" : "wrap"}>
        {restoreText(run)}
      </p>
      {isRestoring ? (
        <LinearProgress
          aria-label="Bringing back"
          {...(percent === null ? {} : { variant: "determinate", value: percent })}
        />
      ) : null}
      {plan !== null && tellsPlan(phase) ? (
        <>
          <p>{planText(plan)}</p>
          <ul className="plan" aria-label="What would be done">
            {plan.actions.slice(0, 200).map(({ action, path, sizeBytes, reason }) => (
              <li key={`${action} ${path}`}>
                <span className={action === "conflict" || action === "remove" ? "tone-warning" : "quiet"}>
                  {actionWords[action]}
                </span>{" "}
                <span className="mono wrap">{path}</span>{" "}
                <span className="quiet">
                  {sizeBytes === null ? "" : sizeText(sizeBytes)} {reason ?? ""}
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {errorCount > 0 ? (
        <ul className="plan" aria-label="What did not work">
          {errors.map(({ item, message }) => (
            <li key={`${item} ${message}`} className="wrap">
              <span className="mono">{item}</span>: {message}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
