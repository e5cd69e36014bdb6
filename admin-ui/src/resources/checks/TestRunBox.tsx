import Autocomplete from "@mui/material/Autocomplete";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { AgentCommand } from "@mycloud/protocol/agent";
import type { Host } from "@mycloud/protocol/host";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useGetList } from "react-admin";
import { useFormContext } from "react-hook-form";
import { useConsole, useMayAccess } from "../../providers/hooks.ts";
import { StateChip } from "../../state/StateChip.tsx";

const stateOfReturnCode = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const isUnderWay = (command: AgentCommand | undefined) => command?.phase === "queued" || command?.phase === "delivered";
const pollMs = 1_000;

/** Runs the command in the form once on a chosen host and shows what it printed; nothing of it is kept. */
export function TestRunBox() {
  const provider = useConsole();
  const mayAct = useMayAccess("act", "checks");
  const form = useFormContext();
  const [host, setHost] = useState<Host | null>(null);
  const [words, setWords] = useState("");
  const { data: hosts = [] } = useGetList<Host>("hosts", {
    pagination: { page: 1, perPage: 20 },
    sort: { field: "name", order: "ASC" },
    filter: { hasAgent: true, q: words },
  });
  const start = useMutation({
    mutationFn: (hostId: number) => {
      const { command, arguments: words, timeoutSeconds } = form.getValues();
      return provider.testRun({
        hostId,
        command,
        arguments: words ?? [],
        timeoutSeconds: Math.min(60, timeoutSeconds ?? 30),
      });
    },
  });
  const started = start.data;
  const { data: command = started, error } = useQuery({
    queryKey: ["agent-commands", started?.id],
    enabled: started !== undefined,
    queryFn: () => provider.agentCommand(started?.id ?? 0),
    refetchInterval: (query) => (isUnderWay(query.state.data) || query.state.data === undefined ? pollMs : false),
  });
  if (!mayAct) return null;
  const fault = start.error ?? error;
  return (
    <section className="notice plain" aria-label="Test run">
      <div className="row">
        <Autocomplete
          sx={{ flex: "1 1 220px" }}
          options={hosts}
          filterOptions={(options) => options}
          value={host}
          onChange={(_, chosen) => setHost(chosen)}
          onInputChange={(_, text, reason) => {
            if (reason === "input") setWords(text);
          }}
          getOptionLabel={(option) => option.name}
          isOptionEqualToValue={(a, b) => a.id === b.id}
          renderInput={(parameters) => (
            <TextField {...parameters} label="Try it on" placeholder="a host with an agent" />
          )}
        />
        <Button
          variant="outlined"
          disabled={host === null || start.isPending || isUnderWay(command)}
          onClick={() => host && start.mutate(host.id)}
        >
          {isUnderWay(command) ? "Running…" : "Test run"}
        </Button>
      </div>
      <div aria-live="polite">
        {fault ? <p className="fault">{fault.message}</p> : null}
        {command ? <TestRunOutcome command={command} /> : null}
      </div>
    </section>
  );
}

function TestRunOutcome({ command }: { command: AgentCommand }) {
  const { result } = command;
  if (!result) {
    return (
      <p className="hint">
        {command.phase} on {command.hostName}
        {command.message ? `: ${command.message}` : ""}
      </p>
    );
  }
  const text = [result.output, result.longOutput].filter((part) => part !== "").join("\n");
  return (
    <div className="stack" style={{ marginTop: 8, gap: 6 }}>
      <div className="row">
        <StateChip state={stateOfReturnCode[result.returnCode] ?? "UNKNOWN"} />
        <span className="quiet">
          return code {result.returnCode} on {command.hostName} after {result.executionTimeSeconds.toFixed(3)} s
        </span>
      </div>
      <pre className="output">{text || "(no output)"}</pre>
      {result.perfdata ? <code className="mono wrap quiet">{result.perfdata}</code> : null}
    </div>
  );
}
