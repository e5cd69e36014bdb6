import type { ServiceSelector } from "@mycloud/protocol/selector";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useWatch } from "react-hook-form";
import { Link } from "react-router-dom";
import { useSettled } from "../form/useSettled.ts";
import { useConsole } from "../providers/hooks.ts";
import { StateIcon } from "../state/StateIcon.tsx";
import { cleanSelector } from "./selector-text.ts";

const shown = 12;

/** What a selector covers now: how many hosts and services, and the first of them. */
export function SelectorCoverage({ selector, verb = "Covers" }: { selector: ServiceSelector; verb?: string }) {
  const provider = useConsole();
  const asked = useSettled(cleanSelector(selector));
  const { data, error } = useQuery({
    queryKey: ["selector-preview", asked],
    queryFn: ({ signal }) => provider.previewSelector(asked, signal),
    placeholderData: keepPreviousData,
  });
  if (error) {
    return (
      <p className="fault" role="alert">
        {error.message}
      </p>
    );
  }
  if (!data) return <p className="hint">Looking what it covers…</p>;
  const total = data.hostCount + data.serviceCount;
  const named = [
    ...data.hosts.map(({ id, name, state }) => ({ key: `h${id}`, to: `/hosts/${id}/show`, text: name, state })),
    ...data.services.map(({ id, hostName, name, state }) => ({
      key: `s${id}`,
      to: `/services/${id}/show`,
      text: `${hostName}/${name}`,
      state,
    })),
  ].slice(0, shown);
  return (
    <section className="notice plain" aria-label="What it covers now" aria-live="polite">
      <b className={total === 0 ? "tone-warning" : undefined}>
        {total === 0
          ? `${verb} nothing now`
          : `${verb} ${count(data.hostCount, "host")}${data.hostCount > 0 && data.serviceCount > 0 ? " and " : ""}${count(data.serviceCount, "service")} now`}
      </b>
      <span className="quiet">{total === 0 ? ", but what is added later and matches" : ""}</span>
      {named.length > 0 ? (
        <div className="row" style={{ gap: 4, marginTop: 6 }}>
          {named.map(({ key, to, text, state }) => (
            <Link key={key} className="label-chip" to={to}>
              <StateIcon state={state} size={11} /> {text}
            </Link>
          ))}
          {total > named.length ? (
            <span className="quiet">and {(total - named.length).toLocaleString("en")} more</span>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

/** The same of the selector in the form. */
export function SelectorPreviewBox({ source, verb }: { source: string; verb?: string }) {
  const selector: ServiceSelector | undefined = useWatch({ name: source });
  return <SelectorCoverage selector={selector ?? {}} {...(verb ? { verb } : {})} />;
}

function count(number: number, noun: string): string {
  return number === 0 ? "" : `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
