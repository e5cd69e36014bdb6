import { StateIcon } from "./StateIcon.tsx";
import { stateLook, stateMeaning } from "./state-look.ts";

interface StateChipProps {
  readonly state: string;
  readonly stateType?: "SOFT" | "HARD";
  readonly attempt?: number;
  readonly maxCheckAttempts?: number;
  /** Acknowledged or in downtime: shown more quietly. */
  readonly isHandled?: boolean;
}

/** A state as shape, word and colour; a SOFT state is dashed and counts its attempts. */
export function StateChip({ state, stateType = "HARD", attempt, maxCheckAttempts, isHandled = false }: StateChipProps) {
  const look = stateLook(state);
  const isSoft = stateType === "SOFT" && look.tone !== "ok";
  const classes = ["chip", `tone-${look.tone}`, isSoft ? "soft" : "", isHandled ? "handled" : ""];
  const soft = isSoft ? ` Not believed yet: attempt ${attempt ?? "?"} of ${maxCheckAttempts ?? "?"}.` : "";
  return (
    <span className={classes.join(" ").trim()} title={`${stateMeaning[state] ?? state}${soft}`}>
      <StateIcon state={state} size={14} />
      {look.text}
      {isSoft && attempt !== undefined ? ` ${attempt}/${maxCheckAttempts ?? "?"}` : ""}
    </span>
  );
}
