import type { ReactNode } from "react";

/** A titled part of a page. */
export function Panel({
  title,
  end,
  children,
  isFlush = false,
}: {
  title: string;
  end?: ReactNode;
  children: ReactNode;
  isFlush?: boolean;
}) {
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        {end ? <div className="end row">{end}</div> : null}
      </div>
      {isFlush ? children : <div className="panel-body">{children}</div>}
    </section>
  );
}

/** Names and values, one under the other. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value ?? <span className="quiet">—</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
