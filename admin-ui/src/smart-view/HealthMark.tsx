import type { MachineHealth } from "@mycloud/protocol/machine";
import { StateIcon } from "../state/StateIcon.tsx";

const looks = {
  good: { state: "OK", tone: "tone-ok", text: "well" },
  attention: { state: "WARNING", tone: "tone-warning", text: "needs a look" },
  bad: { state: "CRITICAL", tone: "tone-critical", text: "not well" },
  unknown: { state: "PENDING", tone: "tone-pending", text: "not known" },
} as const satisfies Record<MachineHealth, object>;

/** How a machine is: shape, colour and, for screen readers, words. */
export function HealthMark({ health }: { readonly health: MachineHealth }) {
  const { state, tone, text } = looks[health];
  return (
    <span className={tone}>
      <StateIcon state={state} />
      <span className="visually-hidden">{text}</span>
    </span>
  );
}
