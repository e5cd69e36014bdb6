import ArrowIcon from "@mui/icons-material/ChevronRightOutlined";
import { createContext, useContext } from "react";
import type { ProblemRecord } from "../../providers/types.ts";

interface Fold {
  /** Keys of the problems whose impacts are shown. */
  readonly unfolded: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
}

export const FoldContext = createContext<Fold>({ unfolded: new Set(), toggle: () => undefined });

/** Says how many problems follow from one, and folds them out under it. */
export function FoldButton({ problem: { key, impactCount } }: { problem: ProblemRecord }) {
  const { unfolded, toggle } = useContext(FoldContext);
  return (
    <button type="button" className="mark fold" aria-expanded={unfolded.has(key)} onClick={() => toggle(key)}>
      <ArrowIcon />
      {impactCount} {impactCount === 1 ? "follows" : "follow"}
    </button>
  );
}
