import TextField from "@mui/material/TextField";
import type { SimulationAnswer } from "@mycloud/protocol/notification";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useConsole } from "../../providers/hooks.ts";
import { fromLocalInput, toLocalInput } from "../../time/duration.ts";
import { useNow } from "../../time/NowContext.tsx";
import { HostPicker, ServicePicker } from "./ObjectPicker.tsx";
import { SimulationResult } from "./SimulationResult.tsx";
import { questionOf, statesOf } from "./simulation-question.ts";

const lengths = [
  [1, "1 hour"],
  [8, "8 hours"],
  [24, "a day"],
  [72, "3 days"],
  [168, "a week"],
] as const;

/** Who would be told; the question is in the address, so that it can be sent to somebody. */
export function SimulationPage() {
  const [search, setSearch] = useSearchParams();
  const provider = useConsole();
  const nowMs = Math.floor(useNow() / 60_000) * 60_000;
  const question = questionOf(search, nowMs);
  const change = (changes: Readonly<Record<string, string | null>>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") next.delete(name);
      else next.set(name, value);
    }
    setSearch(next);
  };
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["simulation", question],
    enabled: question !== null,
    queryFn: async ({ signal }): Promise<SimulationAnswer | null> =>
      question === null ? null : await provider.simulate(question, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHeader
        title="Who would be told"
        subtitle="If this went bad at that moment, and stayed so: every message by its rule, or the one reason why there is none. Nothing is sent."
      />
      <section className="panel" aria-label="Question" style={{ marginBottom: 12 }}>
        <div className="panel-body row" style={{ alignItems: "flex-start" }}>
          <HostPicker value={question?.host ?? ""} onChange={(host) => change({ host, service: null })} />
          <ServicePicker
            host={question?.host ?? ""}
            value={question?.service ?? null}
            onChange={(service) => change({ service, state: null })}
          />
          <TextField
            select
            label="Becomes"
            sx={{ flex: "0 1 150px" }}
            value={question?.state ?? "DOWN"}
            onChange={(event) => change({ state: event.target.value })}
            slotProps={{ select: { native: true } }}
          >
            {statesOf(question?.service ?? null).map((state) => (
              <option key={state} value={state}>
                {state}
              </option>
            ))}
          </TextField>
          <TextField
            label="At"
            type="datetime-local"
            sx={{ flex: "0 1 210px" }}
            value={toLocalInput(question?.atMs ?? nowMs)}
            onChange={(event) => {
              const atMs = fromLocalInput(event.target.value);
              change({ at: atMs === null ? null : String(atMs) });
            }}
            slotProps={{ inputLabel: { shrink: true } }}
          />
          <TextField
            select
            label="And stays so for"
            sx={{ flex: "0 1 140px" }}
            value={question?.hours ?? 24}
            onChange={(event) => change({ hours: event.target.value })}
            slotProps={{ select: { native: true } }}
          >
            {lengths.map(([hours, text]) => (
              <option key={hours} value={hours}>
                {text}
              </option>
            ))}
          </TextField>
        </div>
      </section>
      {question === null ? (
        <Message title="What goes bad?">
          <p>Choose a host, and one of its services unless it is the host itself.</p>
        </Message>
      ) : null}
      {question !== null && error ? <ErrorMessage error={error} onRetry={() => void refetch()} /> : null}
      {question !== null && isPending && !error ? <SkeletonLines count={6} /> : null}
      {question !== null && data && !error ? <SimulationResult answer={data} /> : null}
    </>
  );
}
