import type { HostSelector } from "@mycloud/protocol/selector";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useRecordContext } from "react-admin";
import { useWatch } from "react-hook-form";
import { Link } from "react-router-dom";
import { useConsole } from "../../providers/hooks.ts";

const settleMs = 300;

/** Which hosts the selector in the form matches right now, and how many services saving would add or remove. */
export function CheckPreviewBox() {
  const provider = useConsole();
  const record = useRecordContext();
  const selector: HostSelector | undefined = useWatch({ name: "selector" });
  const [asked, setAsked] = useState(selector);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(selector), settleMs);
    return () => clearTimeout(timer);
  }, [selector]);
  const { data, error } = useQuery({
    queryKey: ["checks", "preview", record?.id ?? null, asked],
    queryFn: ({ signal }) =>
      provider.previewCheck(
        { selector: asked ?? {}, ...(typeof record?.id === "number" ? { checkId: record.id } : {}) },
        signal,
      ),
    placeholderData: (previous) => previous,
  });
  if (error)
    return (
      <p className="fault" role="alert">
        {error.message}
      </p>
    );
  if (!data) return <p className="hint">Looking which hosts match…</p>;
  const more = data.total - Math.min(data.hosts.length, 24);
  return (
    <section className="notice plain" aria-label="Hosts that match" aria-live="polite">
      <b>
        {data.total.toLocaleString("en")} {data.total === 1 ? "host matches" : "hosts match"}
      </b>
      <span className="quiet">
        {data.added > 0 ? ` · adds ${data.added} services` : ""}
        {data.removed > 0 ? ` · removes ${data.removed} services` : ""}
      </span>
      <div className="row" style={{ gap: 4, marginTop: 6 }}>
        {data.hosts.slice(0, 24).map((host) => (
          <Link
            key={host.id}
            className="label-chip"
            to={`/hosts/${host.id}/show`}
            title={host.hasAgent ? "" : "has no agent to run it"}
          >
            {host.name}
            {host.hasAgent ? "" : " (no agent)"}
          </Link>
        ))}
        {more > 0 ? <span className="quiet">and {more.toLocaleString("en")} more</span> : null}
      </div>
    </section>
  );
}
