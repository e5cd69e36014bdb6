import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import type { QueryExplanation } from "@mycloud/protocol/dns-zone";
import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useSearchParams } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useDns } from "../../providers/dns-provider.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { recordTypeChoices } from "./records/record-types.ts";

/** What a client is answered to a question, and why; the question is in the address, so that it can be passed on. */
export function QueryPage() {
  const [parameters, setParameters] = useSearchParams();
  const question = {
    name: parameters.get("name") ?? "",
    type: parameters.get("type") ?? "A",
    from: parameters.get("from") ?? "127.0.0.1",
  };
  const dns = useDns();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["dns/explain", question],
    queryFn: ({ signal }) => dns.explain(question, signal),
    enabled: question.name !== "",
    retry: false,
  });
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const next = Object.fromEntries([...fields].map(([name, value]) => [name, String(value).trim()]));
    if (JSON.stringify(next) === JSON.stringify(question)) void refetch();
    else setParameters(next);
  };
  return (
    <div className="stack">
      <PageHeader title="Test a query" subtitle="What our name servers answer, to whom, and why" />
      <form className="panel panel-body row" onSubmit={ask} key={JSON.stringify(question)} aria-label="Question">
        <TextField
          name="name"
          label="Name"
          size="small"
          fullWidth={false}
          required
          defaultValue={question.name}
          placeholder="www.example.org"
          sx={{ flex: 1, minWidth: 180 }}
        />
        <TextField
          name="type"
          label="Type"
          select
          size="small"
          fullWidth={false}
          defaultValue={question.type}
          sx={{ minWidth: 100 }}
        >
          {[...recordTypeChoices(question.type), "SOA", "ANY"]
            .filter((type, at, all) => all.indexOf(type) === at)
            .map((type) => (
              <MenuItem key={type} value={type}>
                {type}
              </MenuItem>
            ))}
        </TextField>
        <TextField name="from" label="Asked from" size="small" fullWidth={false} defaultValue={question.from} />
        <Button type="submit" variant="contained" disabled={isFetching}>
          Ask
        </Button>
      </form>
      <output aria-live="polite">
        {question.name === "" ? null : error ? (
          <ErrorMessage error={error} />
        ) : data === undefined ? (
          <SkeletonLines count={6} />
        ) : (
          <ExplanationPanels explanation={data} />
        )}
      </output>
    </div>
  );
}

function ExplanationPanels({ explanation }: { readonly explanation: QueryExplanation }) {
  const { resultCode, view, zone, serial, isAuthoritative, steps, health, changes } = explanation;
  const sections = [
    ["Answer", explanation.answer],
    ["Authority", explanation.authority],
    ["Additional", explanation.additional],
  ] as const;
  return (
    <div className="columns">
      <div className="stack">
        <Panel
          title={resultCode}
          end={<span className="quiet">{isAuthoritative ? "authoritative" : "not authoritative"}</span>}
        >
          {sections.map(([title, records]) =>
            records.length === 0 ? null : (
              <section key={title} aria-label={title}>
                <h3>{title}</h3>
                <pre className="output">{records.join("\n")}</pre>
              </section>
            ),
          )}
          {sections.every(([, records]) => records.length === 0) ? <p className="quiet">No records.</p> : null}
        </Panel>
        {health.length === 0 ? null : (
          <Panel title="Health of its records" isFlush>
            <HealthTable health={health} />
          </Panel>
        )}
      </div>
      <div className="stack">
        <Panel title="How it came to that">
          <Facts
            facts={[
              ["View", view],
              ["Zone", zone],
              ["Serial", serial],
            ]}
          />
          <ol>
            {steps.map((step) => (
              <li key={step} className="wrap">
                {step}
              </li>
            ))}
          </ol>
        </Panel>
        {changes.length === 0 ? null : (
          <Panel title="What health changed here">
            <ul className="plain-list">
              {changes.map(({ atMs, text }) => (
                <li key={`${atMs} ${text}`} className="wrap">
                  <RelativeTime atMs={atMs} />: {text}
                </li>
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </div>
  );
}

function HealthTable({ health }: Pick<QueryExplanation, "health">) {
  return (
    <div className="table-wrap">
      <table className="table auto" aria-label="Health of its records">
        <thead>
          <tr>
            <th scope="col">Record</th>
            <th scope="col">Service</th>
            <th scope="col">Answered</th>
          </tr>
        </thead>
        <tbody>
          {health.map(({ name, type, data, service, state, isHard, isPublished, reason, weight, tier }) => (
            <tr key={`${name} ${type} ${data}`}>
              <td className="mono wrap">
                {name} {type} {data}
                <div className="quiet">
                  {[weight === null ? "" : `weight ${weight}`, tier === null ? "" : `tier ${tier}`].join(" ").trim()}
                </div>
              </td>
              <td className="wrap">
                {service === null ? <span className="quiet">none</span> : `${service.service} on ${service.host}`}
                {service === null ? null : (
                  <div className="quiet">{state === null ? "not known" : `${state}${isHard ? "" : " (SOFT)"}`}</div>
                )}
              </td>
              <td className="wrap">
                <b className={isPublished ? "tone-ok" : "tone-critical"}>{isPublished ? "yes" : "no"}</b> {reason}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
