import type { EventHandlerRun, StateChange } from "@mycloud/protocol/state-change";
import { Link } from "react-router-dom";
import { StateIcon } from "../state/StateIcon.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";

const kindText: Readonly<Record<StateChange["kind"], string>> = {
  state: "",
  "flapping-start": "started flapping",
  "flapping-stop": "stopped flapping",
  "stale-start": "went stale: no result in time",
  "stale-stop": "reports again",
};

function shownState(change: StateChange): string {
  return change.kind === "stale-start" ? "STALE" : change.toState;
}

/** State changes, newest first, with what came of each. */
export function ChangeList({ changes, hasNames }: { changes: readonly StateChange[]; hasNames: boolean }) {
  return (
    <ol className="change-list">
      {changes.map((change) => (
        <li key={change.id}>
          <StateIcon state={shownState(change)} />
          {hasNames ? <ChangeLink change={change} /> : <Transition change={change} />}
          <RelativeTime atMs={change.atMs} />
          <span className="detail">
            <span className="clip" title={change.output}>
              {hasNames ? (
                <>
                  <Transition change={change} /> ·{" "}
                </>
              ) : null}
              {change.output}
            </span>
            {change.notification && (!hasNames || !change.notification.isNotified) ? (
              <NotificationLine notification={change.notification} />
            ) : null}
            {(change.eventHandlers ?? []).map((run) => (
              <EventHandlerLine key={run.commandId} run={run} />
            ))}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Transition({ change }: { change: StateChange }) {
  return (
    <span className="transition">
      {kindText[change.kind] || (
        <>
          {change.fromState} → <b>{change.toState}</b>
        </>
      )}
      {change.stateType === "SOFT" ? <span className="quiet"> soft, attempt {change.attempt}</span> : null}
    </span>
  );
}

function NotificationLine({ notification }: { notification: NonNullable<StateChange["notification"]> }) {
  if (notification.isNotified) return <span>told {notification.contactNames.join(", ")}</span>;
  const { message, reason } = notification;
  // Told, in a message with others or a summary.
  if (toldTogether.has(reason)) return <span>{message}</span>;
  return <span>told nobody: {message || reason}</span>;
}

const toldTogether: ReadonlySet<string> = new Set(["grouped", "digest", "storm"]);

function EventHandlerLine({ run }: { run: EventHandlerRun }) {
  const told = [run.message, run.output].filter((text) => text !== null && text !== "").join(": ");
  return (
    <span className="clip" title={told}>
      event handler {run.name} on {run.hostName}: {run.phase}
      {told === "" ? null : ` (${told})`}
    </span>
  );
}

function ChangeLink({ change }: { change: StateChange }) {
  if (change.serviceId === null)
    return (
      <Link className="clip" to={`/hosts/${change.hostId}/show`}>
        {change.hostName}
      </Link>
    );
  return (
    <Link className="clip" to={`/services/${change.serviceId}/show`}>
      {change.serviceName} on {change.hostName}
    </Link>
  );
}
