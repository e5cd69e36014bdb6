import type { Notification } from "@mycloud/protocol/notification";

const looks = {
  queued: ["tone-warning", "waiting"],
  sent: ["tone-ok", "sent"],
  dead: ["tone-critical", "not delivered"],
} as const satisfies Record<Notification["phase"], readonly [string, string]>;

/** How far a message got, and the fault that holds it. */
export function PhaseMark({ notification }: { notification: Pick<Notification, "phase" | "attempts" | "lastError"> }) {
  const [tone, text] = looks[notification.phase];
  const tries = notification.phase !== "sent" && notification.attempts > 0 ? `, ${notification.attempts} tried` : "";
  return (
    <span className="wrap">
      <b className={tone}>{text}</b>
      {tries}
      {notification.lastError && notification.phase !== "sent" ? (
        <span className="quiet">: {notification.lastError}</span>
      ) : null}
    </span>
  );
}
