import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import type { BackupPolicyInput, ExcludesContent } from "@mycloud/protocol/backup-policy";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { useSettled } from "../../form/useSettled.ts";
import { useConsole } from "../../providers/hooks.ts";
import { cleanSelector } from "../../selector/selector-text.ts";
import { ExcludesResult } from "./ExcludesResult.tsx";
import { type Trial, trialOf } from "./excludes-trial.ts";

/** Shows what the rules of the form leave out on a machine that its selector covers; nothing is stored. */
export function ExcludesTrial() {
  const provider = useConsole();
  const { getValues } = useFormContext<BackupPolicyInput>();
  const selector: ServiceSelector | undefined = useWatch({ name: "selector" });
  const asked = useSettled({ ...cleanSelector(selector ?? {}), services: [] });
  const { data } = useQuery({
    queryKey: ["selector-preview", asked],
    queryFn: ({ signal }) => provider.previewSelector(asked, signal),
    placeholderData: keepPreviousData,
  });
  const hosts = data?.hosts ?? [];
  const [chosenId, setChosenId] = useState<number | null>(null);
  const chosen = hosts.find(({ id }) => id === chosenId) ?? hosts[0];
  const [trial, setTrial] = useState<Trial | null>(null);
  const waiting = useRef<AbortController | null>(null);
  useEffect(() => () => waiting.current?.abort(), []);

  async function look() {
    if (chosen === undefined) return;
    waiting.current?.abort();
    const ending = new AbortController();
    waiting.current = ending;
    const base = { hostName: chosen.name };
    setTrial({ ...base, phase: "waiting" });
    const request = { hostId: chosen.id, content: contentOf(getValues()) };
    const next = await trialOf(base, provider.previewExcludes(request, ending.signal));
    if (!ending.signal.aborted) setTrial(next);
  }

  const isWaiting = trial?.phase === "waiting";
  return (
    <fieldset>
      <legend>Try it on a machine</legend>
      <p className="hint">The machine counts what these rules leave out there now. Nothing is stored.</p>
      {chosen === undefined ? (
        <p className="quiet">{data === undefined ? "Looking for hosts…" : "No host is covered now."}</p>
      ) : (
        <div className="row">
          <TextField
            select
            size="small"
            label="Machine"
            value={chosen.id}
            onChange={({ target }) => setChosenId(Number(target.value))}
          >
            {hosts.map(({ id, name }) => (
              <MenuItem key={id} value={id}>
                {name}
              </MenuItem>
            ))}
          </TextField>
          <Button variant="outlined" disabled={isWaiting} onClick={() => void look()}>
            {isWaiting ? "Counting…" : "See what this leaves out"}
          </Button>
        </div>
      )}
      <div aria-live="polite">
        {isWaiting ? <p className="quiet">{trial.hostName} is counting, for a minute at most.</p> : null}
        {trial?.phase === "failed" ? (
          <p className="fault" role="alert">
            {trial.message}
          </p>
        ) : null}
        {trial?.phase === "done" ? <ExcludesResult hostName={trial.hostName} preview={trial.preview} /> : null}
      </div>
    </fieldset>
  );
}

/** What the form has by now; inputs that were emptied say nothing. */
function contentOf(values: Partial<BackupPolicyInput>): ExcludesContent {
  return {
    paths: values.paths ?? [],
    exclude: values.exclude ?? [],
    excludeIgnoringCase: values.excludeIgnoringCase ?? [],
    excludeIfPresent: values.excludeIfPresent ?? [],
    excludeCaches: values.excludeCaches ?? true,
    excludeLargerThanBytes: values.excludeLargerThanBytes ?? null,
    oneFileSystem: values.oneFileSystem ?? false,
  };
}
