import { Link } from "react-router-dom";
import { StateIcon } from "../state/StateIcon.tsx";
import { stateLook } from "../state/state-look.ts";

interface CountsTileProps {
  readonly title: string;
  readonly total: number;
  readonly path: string;
  readonly counts: readonly (readonly [state: string, count: number])[];
}

/** Objects counted by state; every figure leads to its list. */
export function CountsTile({ title, total, path, counts }: CountsTileProps) {
  return (
    <section className="panel tile" aria-label={title}>
      <h2>
        {title}
        <Link to={path}>{total.toLocaleString("en")}</Link>
      </h2>
      <div className="figures">
        {counts.map(([state, count]) => (
          <Link
            key={state}
            className={count === 0 ? "figure zero" : "figure"}
            to={`${path}?filter=${encodeURIComponent(JSON.stringify({ state }))}`}
          >
            <StateIcon state={state} size={15} />
            <b>{count.toLocaleString("en")}</b> {state.toLowerCase()}
          </Link>
        ))}
      </div>
      <div className="proportion" aria-hidden>
        {counts.map(([state, count]) =>
          count > 0 ? (
            <span key={state} className={`fill-${stateLook(state).tone}`} style={{ flexGrow: count, flexBasis: 0 }} />
          ) : null,
        )}
      </div>
    </section>
  );
}
