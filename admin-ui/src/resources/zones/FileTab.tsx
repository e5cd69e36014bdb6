import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import type { Zone, ZoneImportAnswer } from "@mycloud/protocol/dns-zone";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNotify } from "react-admin";
import { useDns } from "../../providers/dns-provider.ts";
import { useMayAccess } from "../../providers/hooks.ts";
import { Panel } from "../../record/Panel.tsx";
import { DifferenceLines } from "./DifferenceLines.tsx";
import { FindingList } from "./FindingList.tsx";

/** The zone as a zone file (RFC 1035), out and in. */
export function FileTab({ zone }: { readonly zone: Zone }) {
  const dns = useDns();
  const mayEdit = useMayAccess("edit", "dns/zones") && zone.kind === "primary";
  return (
    <div className="stack">
      <Panel
        title="Take it with you"
        end={
          <Button href={dns.exportUrl(zone.id)} variant="outlined" download>
            Export
          </Button>
        }
      >
        <p className="quiet">A zone file that BIND, Knot and NSD load, with what is defined here.</p>
      </Panel>
      {mayEdit ? <ImportPanel zone={zone} /> : null}
    </div>
  );
}

function ImportPanel({ zone }: { readonly zone: Zone }) {
  const [text, setText] = useState("");
  const [mode, setMode] = useState<"merge" | "replace">("merge");
  const [comment, setComment] = useState("");
  const [answer, setAnswer] = useState<ZoneImportAnswer | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const dns = useDns();
  const notify = useNotify();
  const queries = useQueryClient();
  const ask = async (preview: boolean) => {
    setIsBusy(true);
    setFault(null);
    try {
      const found = await dns.importFile(zone.id, { text, mode, comment, preview });
      setAnswer(found);
      if (!preview && found.faults.length === 0) {
        notify(`${found.differenceCount} RRsets changed; the serial is ${found.serial}`, { type: "success" });
        setText("");
        setAnswer(null);
        await queries.invalidateQueries();
      }
    } catch (error) {
      setAnswer(null);
      setFault(error instanceof Error ? error.message : String(error));
    } finally {
      setIsBusy(false);
    }
  };
  const chooser = useRef<HTMLInputElement>(null);
  const change = (next: string) => {
    setText(next);
    setAnswer(null);
  };
  const isReady =
    answer !== null && answer.faults.length === 0 && answer.findings.every(({ severity }) => severity !== "error");
  return (
    <Panel title="Import">
      <div className="stack">
        <TextField
          label="Zone file"
          multiline
          minRows={8}
          maxRows={24}
          value={text}
          placeholder={"$TTL 3600\nwww  A  192.0.2.1"}
          onChange={({ target }) => change(target.value)}
          slotProps={{ htmlInput: { className: "mono", spellCheck: false } }}
          fullWidth
        />
        <div className="row">
          <Button variant="outlined" onClick={() => chooser.current?.click()}>
            Choose a file
          </Button>
          <input
            ref={chooser}
            type="file"
            hidden
            onChange={({ target }) => void target.files?.[0]?.text().then(change)}
          />
          <TextField
            select
            size="small"
            fullWidth={false}
            label="What is not in it"
            value={mode}
            onChange={({ target }) => {
              setMode(target.value === "replace" ? "replace" : "merge");
              setAnswer(null);
            }}
          >
            <MenuItem value="merge">stays</MenuItem>
            <MenuItem value="replace">goes</MenuItem>
          </TextField>
          <TextField
            size="small"
            fullWidth={false}
            label="Why"
            value={comment}
            onChange={({ target }) => setComment(target.value)}
          />
          <Button variant="outlined" disabled={isBusy || text.trim() === ""} onClick={() => void ask(true)}>
            Look
          </Button>
          <Button variant="contained" disabled={isBusy || !isReady} onClick={() => void ask(false)}>
            Import
          </Button>
        </div>
        <output aria-live="polite" className="stack">
          {fault === null ? null : <p className="fault wrap">{fault}</p>}
          {answer === null ? null : (
            <>
              {answer.faults.length === 0 ? null : (
                <ul className="plain-list" aria-label="What cannot be read">
                  {answer.faults.map(({ line, message }) => (
                    <li key={`${line} ${message}`} className="wrap">
                      <b className="tone-critical">line {line}</b> {message}
                    </li>
                  ))}
                </ul>
              )}
              <FindingList findings={answer.findings} />
              <DifferenceLines differences={answer.differences} count={answer.differenceCount} />
            </>
          )}
        </output>
      </div>
    </Panel>
  );
}
